"""Breaks a copy of the sources in one place at a time and says whether the tests notice."""
import pathlib, shutil, subprocess, sys


def run(faults):
    """Takes (name, file, what stands there, what is put there, the tests that should fail).

    The arguments of the program are the package, the copy to break, and names of faults; without
    names all are planted. Ends with status 1 when one is missed.
    """
    if len(sys.argv) < 3:
        sys.exit(f"usage: {sys.argv[0]} PACKAGE COPY [NAME...]")
    package, copy = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    names = set(sys.argv[3:])
    if not copy.exists():
        shutil.copytree(package, copy, symlinks=True, ignore=shutil.ignore_patterns(".build"))
        # A broken source may leave a variable unused; that is not what is tested.
        manifest = copy / "Package.swift"
        lines = manifest.read_text().splitlines(keepends=True)
        manifest.write_text("".join(line for line in lines if ".treatAllWarnings" not in line))
    missed = []
    for name, path, before, after, tests in faults:
        if names and name not in names:
            continue
        source = (package / path).read_text()
        if before not in source:
            sys.exit(f"{name}: the place is not in {path} any more")
        (copy / path).write_text(source.replace(before, after))
        command = ["swift", "test", "--package-path", str(copy), "--filter", tests]
        result = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=1800)
        output = result.stdout + result.stderr
        (copy / path).write_text(source)
        built = "Test run started" in output
        caught = built and result.returncode != 0
        first = next(
            (l for l in output.splitlines() if "✘" in l or (not built and "error:" in l)), "")
        verdict = "caught" if caught else "MISSED" if built else "NOT BUILT"
        print(f"{verdict}  {name}: {first[:150]}", flush=True)
        if not caught:
            missed.append(name)
    sys.exit(1 if missed else 0)
