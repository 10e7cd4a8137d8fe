"""The process of Node.js that steps an environment: frames over two pipes, as in src/cli/serve-env.ts."""
import json
import os
import shlex
import shutil
import struct
import subprocess

DESCRIBE, RESET, STEP, RULES = range(1, 5)


def command_line(command=None):
    """How `anygoal` is started: as given, as ANYGOAL_COMMAND says, or as it is installed."""
    given = command or os.environ.get("ANYGOAL_COMMAND")
    if given:
        return shlex.split(given) if isinstance(given, str) else list(given)
    local = os.path.join("node_modules", ".bin", "anygoal")
    found = local if os.path.exists(local) else shutil.which("anygoal")
    if not found:
        raise FileNotFoundError(
            "there is no command `anygoal` here. Install it (npm install anygoal), start Python in that folder, or set "
            "ANYGOAL_COMMAND, such as ANYGOAL_COMMAND='node /path/to/anygoal/dist/cli/main.js'."
        )
    return [found]


class Process:
    """Starts `anygoal serve NAME` and asks it, one request after the other."""

    def __init__(self, name, settings, command=None):
        requests, self.write_end = os.pipe()
        self.read_end, answers = os.pipe()
        words = [*command_line(command), "serve", name, "--pipes", f"{requests},{answers}"]
        for key, value in settings.items():
            words += ["--set", f"env.{key}={json.dumps(value)}"]
        # What the program prints goes to standard error, so that nobody takes it for our output.
        self.child = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=2, pass_fds=(requests, answers))
        os.close(requests)
        os.close(answers)
        self.name = name
        self.about = json.loads(bytes(self.ask(DESCRIBE)).decode(), parse_constant=float)

    def ask(self, command, body=b"", rows=0):
        if self.write_end is None:
            raise RuntimeError(f"{self.name} is closed; make it again.")
        try:
            self.write(struct.pack("<III", command, rows, len(body)) + body)
            status, size = struct.unpack("<II", self.read(8))
            answer = self.read(size)
        except (BrokenPipeError, EOFError):
            raise RuntimeError(f"{self.name}: its process has ended (exit code {self.child.wait()}); it wrote why above.") from None
        except BaseException:
            self.child.kill()
            self.close()  # interrupted: the answer to this would be taken for that to what is asked next
            raise
        if status != 0:
            raise RuntimeError(bytes(answer).decode())
        return answer

    def write(self, data):
        view = memoryview(data)
        while view:
            view = view[os.write(self.write_end, view) :]

    def read(self, size):
        out = bytearray()
        while len(out) < size:
            more = os.read(self.read_end, size - len(out))
            if not more:
                raise EOFError
            out += more
        return out

    def close(self):
        if self.write_end is None:
            return
        os.close(self.write_end)  # it ends when nobody can ask any more
        os.close(self.read_end)
        self.write_end = None
        self.child.wait()
