"""From a folder of submissions to a class's grades."""
