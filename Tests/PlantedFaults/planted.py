#!/usr/bin/env python3
"""Breaks a copy of the package in one place at a time and says whether its tests notice.

usage: planted.py COPY [LIST | LIST/FAULT | FAULT]...
       planted.py --check

COPY is a directory that is made, or brought up to date, and left: a second run builds little. Of
the package only what the tests of a fault need is built, one test target after the other. Before
the first fault of a target the tests that are to fail must pass. Ends with status 1 when a fault
is missed.

With --check nothing is broken: it says which faults the sources have no place for any more.
"""
import collections, importlib, os, pathlib, shutil, signal, subprocess, sys, time

LISTS = ["log", "snapshot", "exactly_once", "audit", "terminal"]
# In this order each target builds on what the one before it has built.
TARGETS = [
    "CryptographyTests", "WriteAheadLogTests", "AuditTrailTests", "TransactionEngineTests",
    "AdministrationTests", "TransactionServerTests", "TerminalClientTests", "SimulationTests",
    "EndToEndTests",
]
# A fault that needs longer to be built and tested has made the tests hang.
SECONDS_MAX = 1_200

# Stands at the end of the copy's manifest: everything goes that a test target does not need.
TRIMMING = """
var needed: Set<String> = []
var open = ["%s"]
while let name = open.popLast() {
  guard let target = package.targets.first(where: { $0.name == name }),
    needed.insert(name).inserted
  else { continue }
  for case .byNameItem(let name, _) in target.dependencies { open.append(name) }
  if name == "ProgramSupport" { open += ["posd", "posterm", "posctl", "posload"] }
}
package.targets.removeAll { !needed.contains($0.name) }
package.products = []
"""

Fault = collections.namedtuple("Fault", "list name path before after tests")


class Copy:
    """The copy of a package, brought up to date, as far as one test target needs it."""

    def __init__(self, package, path):
        self.package, self.path, self.target = package, path, None
        kept = {path / "Package.swift", path / "Package.resolved"}
        for source in self.files(package):
            self.write(source.relative_to(package), source.read_bytes())
            kept.add(path / source.relative_to(package))
        for stale in set(self.files(path)) - kept:
            stale.unlink()

    @staticmethod
    def files(root):
        for folder in ("Sources", "Tests", "Protocol", "systemd"):
            for path in (root / folder).rglob("*"):
                if path.is_file() and "__pycache__" not in path.parts:
                    yield path

    def write(self, name, content):
        """Writes a file if that changes it: what is unchanged is not built anew."""
        path = self.path / name
        if not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            shutil.copymode(self.package / name, path)

    def narrow(self, target):
        """Leaves in the manifest what the tests of a target need."""
        # A broken source may leave a variable unused; that is not what is tested.
        lines = (self.package / "Package.swift").read_text().splitlines(keepends=True)
        manifest = "".join(line for line in lines if ".treatAllWarnings" not in line)
        self.write("Package.swift", (manifest + TRIMMING % target).encode())

    def test(self, tests, seconds=None):
        """Builds and runs tests; gives "passed", "failed", "not built" or "not run", and why."""
        # Nobody debugs what is built and run once.
        command = ["swift", "test", "--package-path", str(self.path), "-debug-info-format", "none"]
        process = subprocess.Popen(
            command + ["--disable-xctest", "--filter", tests], stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True)
        try:
            output, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            output, _ = process.communicate()
        if "Test run started" not in output:
            return "not built", first(output, "error:")
        if "Test run with 0 tests" in output:
            return "not run", f"no test is called {tests}"
        if process.returncode == 0:
            return "passed", ""
        return "failed", first(output, "✘", "Fatal error", "error:") or f"no end after {seconds} s"

    def plant(self, fault):
        """The verdict of the tests on a fault, which is taken out again."""
        source = (self.package / fault.path).read_text()
        if fault.before not in source:
            return "not there", f"{fault.path} has no such text any more"
        self.write(fault.path, source.replace(fault.before, fault.after).encode())
        try:
            return self.test(fault.tests, SECONDS_MAX)
        finally:
            self.write(fault.path, source.encode())


def first(output, *marks):
    return next((line for mark in marks for line in output.splitlines() if mark in line), "")


def wanted(names):
    """The faults that were asked for, in the order of their targets."""
    faults = [
        Fault(name, *row) for name in LISTS for row in importlib.import_module(name).FAULTS
    ]
    names = set(names)
    chosen = [
        fault for fault in faults
        if not names or names & {fault.list, fault.name, f"{fault.list}/{fault.name}"}
    ]
    return sorted(chosen, key=lambda fault: TARGETS.index(target(fault)))


def target(fault):
    return fault.tests.partition(".")[0]


def check(package):
    """Names the faults that nothing stands for in the sources."""
    homeless = [
        fault for fault in wanted([])
        if fault.before not in (package / fault.path).read_text()
    ]
    for fault in homeless:
        print(f"{fault.list}/{fault.name}: {fault.path} has no such text any more")
    return not homeless


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    package = pathlib.Path(__file__).resolve().parents[2]
    if sys.argv[1:] == ["--check"]:
        sys.exit(0 if check(package) else 1)
    copy = Copy(package, pathlib.Path(sys.argv[1]).resolve())
    faults = wanted(sys.argv[2:])
    caught = 0
    current = None
    for fault in faults:
        if target(fault) != current:
            current = target(fault)
            copy.narrow(current)
            own = [fault.tests for fault in faults if target(fault) == current]
            without, why = copy.test("|".join(dict.fromkeys(own)))
            if without != "passed":
                print(f"{without.upper()}  {current} without a fault: {why[:150]}", flush=True)
        if without != "passed":
            continue
        start = time.monotonic()
        verdict, why = copy.plant(fault)
        caught += verdict == "failed"
        word = {"failed": "caught", "passed": "MISSED"}.get(verdict, verdict.upper())
        print(
            f"{word}  {fault.list}/{fault.name} ({time.monotonic() - start:.0f} s): {why[:150]}",
            flush=True)
    print(f"{caught} of {len(faults)} faults were caught")
    sys.exit(0 if faults and caught == len(faults) else 1)


if __name__ == "__main__":
    main()
