"""What several tests share; on the path of the tests (``from helpers.postgres import ...``)."""
