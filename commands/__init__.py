"""What the commands of the command line share: asking, drawing, refusing. Like `cli.py`, it uses the public API of the engine only."""
