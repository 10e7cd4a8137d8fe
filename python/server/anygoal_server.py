"""Steps Gymnasium environments for anygoal: requests come and answers go as binary frames over two named pipes.

Started by src/envs/python/start-python.ts; src/envs/python/host.ts tells the frames' layout. Needs numpy and gymnasium,
nothing else. Whatever an environment prints goes to standard error. A crash, or a request that takes too long, leaves its
traceback in the pipe.
"""
import faulthandler
import json
import os
import select
import signal
import struct
import sys
import time
import traceback

MAGIC = 0x31474741  # "AGG1"
HEADER = struct.Struct("<IIII")  # magic, command or status, rows or bytes of the answer, seconds that the answer may take
OK, FAILED, REFUSED = range(3)


class Pipes:
    """The two named pipes; both sides can open them without waiting for each other."""

    def __init__(self, requests, answers):
        os.mkfifo(requests, 0o600)
        os.mkfifo(answers, 0o600)
        self.paths = requests, answers
        # For reading and writing, so that there is always somebody at the other end as long as nobody has come.
        self.requests, self.answers = os.open(requests, os.O_RDWR), os.open(answers, os.O_RDWR)
        self.armed, self.limit = None, 0
        faulthandler.enable(file=self.answers)

    def connected(self):
        """The other side has opened both: from now on its end is noticed."""
        both = self.requests, self.answers
        self.requests, self.answers = os.open(self.paths[0], os.O_RDONLY), os.open(self.paths[1], os.O_WRONLY)
        for fd, path in zip(both, self.paths):
            os.close(fd)
            os.unlink(path)  # nothing is left behind
        os.rmdir(os.path.dirname(self.paths[0]))
        faulthandler.enable(file=self.answers)
        try:
            import fcntl

            for end in (self.requests, self.answers):
                fcntl.fcntl(end, 1031, 1 << 20)  # F_SETPIPE_SZ: pictures in fewer pieces
        except (ImportError, OSError):
            pass

    def read(self, size):
        parts, left = [], size
        while left > 0:
            part = os.read(self.requests, min(left, 1 << 20))
            if not part:
                os._exit(0)  # whoever asked has gone
            parts.append(part)
            left -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def next(self):
        # While nothing is asked, nothing can take too long.
        if self.armed is not None and not select.select([self.requests], [], [], 0.5)[0]:
            faulthandler.cancel_dump_traceback_later()
            self.armed = None
        magic, command, count, seconds = HEADER.unpack(self.read(HEADER.size))
        if magic != MAGIC:
            os._exit(4)
        now = time.monotonic()
        # Arming anew costs more than a quick step, so it lasts for some of them.
        if self.armed is None or seconds != self.limit or now - self.armed > 0.25 * seconds:
            faulthandler.dump_traceback_later(1.25 * seconds, exit=True, file=self.answers)
            self.armed, self.limit = now, seconds
        (size,) = struct.unpack("<I", self.read(4))
        return command, count, self.read(size) if size else b""

    def send(self, status, parts):
        size = sum(map(len, parts))
        frame = memoryview(b"".join([HEADER.pack(MAGIC, status, size, 0), *parts]))
        try:
            while frame:
                frame = frame[os.write(self.answers, frame) :]
        except BrokenPipeError:
            os._exit(0)


def main(requests, answers, name, arguments):
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who asks, who then ends us
    said = os.fdopen(3, "w")
    try:
        import gymnasium
        from anygoal_environments import Environments
        from anygoal_spaces import Refused
    except ImportError as error:
        said.write(f"missing {error.name} {sys.executable}")
        said.close()
        return 1
    pipes = Pipes(requests, answers)
    said.write("ready")
    said.close()
    sys.path.insert(0, os.getcwd())
    server = None
    if not select.select([pipes.requests], [], [], 60)[0]:
        return 1
    pipes.connected()
    waiting = pipes.next()
    while True:
        try:
            if server is None:
                server = Environments(name, json.loads(arguments))
            pipes.send(OK, server.answer(*waiting))
        except Refused as refused:
            pipes.send(REFUSED, [str(refused).encode()])
        except gymnasium.error.Error as error:
            if server is None:
                pipes.send(REFUSED, [str(error).encode()])
            else:
                pipes.send(FAILED, [traceback.format_exc().encode()])
        except BaseException:
            pipes.send(FAILED, [traceback.format_exc().encode()])
        sys.stdout.flush()
        waiting = pipes.next()


if __name__ == "__main__":
    os.dup2(2, 1)  # prints must not end up in somebody's output
    sys.exit(main(*sys.argv[1:]))
