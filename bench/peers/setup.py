"""Makes the environment that the peers run in, with pinned versions: python3 bench/peers/setup.py [FOLDER]

The folder is bench/peers/.venv unless given; git ignores it. Run it again to mend one that was interrupted.
"""
import subprocess
import sys
import venv
from pathlib import Path

here = Path(__file__).parent
folder = Path(sys.argv[1]) if len(sys.argv) > 1 else here / ".venv"
venv.create(folder, with_pip=True)
python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
subprocess.run([python, "-m", "pip", "install", "-r", here / "requirements.txt"], check=True)
print(f"ready: {python}")
