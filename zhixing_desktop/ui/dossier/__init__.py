"""The windows of the dossier: looked at, taken in, held against node and paper."""
