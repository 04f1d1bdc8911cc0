"""Papers as they lie in a case's dossier: what a kept file looks like, page by page."""
