"""The flow pictures: scene, view, panel, export."""
