"""Dialogs and field widgets made from the rulebook: nothing about a node is written twice."""
