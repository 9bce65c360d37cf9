#!/usr/bin/env python3
"""Breaks a copy of the sources in one place at a time and says whether the tests notice.

usage: planted-faults.py PACKAGE COPY [NAME...]
"""
import pathlib, re, shutil, subprocess, sys

WAL = "Sources/WriteAheadLog/"
# name, file, what stands there, what is put there, the tests that should fail
FAULTS = [
    ("acknowledge-before-sync", WAL + "FileLog.swift",
     "      try segment.file.synchronizeData()\n", "", "CrashSimulation|CommitTests"),
    ("retry-failed-sync", WAL + "FileLog.swift",
     "      try segment.file.synchronizeData()\n",
     "      do { try segment.file.synchronizeData() } catch { try segment.file.synchronizeData() }\n",
     "RecoveryTests|CommitTests|CrashSimulation"),
    ("trust-page-cache", WAL + "LogStorage.swift",
     "if let file = try openFileForDirectRead(name) { return (file, true) }", "_ = 0",
     "RecoveryTests|CrashSimulation"),
    ("no-sync-of-names", WAL + "SegmentPreparer.swift",
     "      try synchronizeNames()\n      return file", "      return file",
     "RecoveryTests|CommitTests|CrashSimulation"),
    ("no-sync-on-recovery", WAL + "FileLog+Open.swift",
     "        try storage.openFile(name, .readWrite).synchronizeData()\n", "        _ = name\n",
     "CrashSimulation"),
    ("no-sync-of-control-on-recovery", WAL + "ControlFile.swift",
     "      try file.synchronizeData()\n      return file", "      return file", "CrashSimulation"),
    ("header-not-synced", WAL + "FileLog.swift",
     "      try next.file.synchronizeData()\n", "", "CommitTests|CrashSimulation"),
    ("later-batch-not-searched", WAL + "LogWalk+End.swift",
     "if case .success(let batch) = outcome { return batch.header }", "_ = outcome",
     "CorruptionTests"),
    ("control-claim-ignored", WAL + "LogWalk+End.swift",
     "claimed.endOffset > tail.endOffset", "claimed.endOffset > tail.endOffset + 1_000_000",
     "CorruptionTests"),
    ("cut-file-accepted", WAL + "LogWalk+End.swift",
     "reader.byteCount == geometry.segmentByteCount || catalog.isLive", "true || catalog.isLive",
     "CorruptionTests"),
    ("chain-not-compared", WAL + "BatchHeader.swift",
     "guard batchNumber == tail.batchNumber, firstPosition == tail.lastPosition.next,\n      previousDigest == tail.digest\n    else",
     "guard firstPosition.rawValue > 0 else", "CorruptionTests|RecoveryTests"),
    ("segment-identity-not-compared", WAL + "BatchHeader.swift",
     "guard history == tail.history.identity, segmentNumber == tail.segmentNumber else",
     "guard history == tail.history.identity else", "RecoveryTests"),
    ("wrong-end-of-predecessor", WAL + "SegmentHeader.swift",
     "    predecessorEndOffset = tail.endOffset\n", "    predecessorEndOffset = tail.endOffset + 64\n",
     "RecoveryTests"),
    ("doors-closed-too-late", WAL + "LogGeometry.swift",
     "2 * batchByteCountMax + 2 * smallestBatchExtent", "batchByteCountMax + 2 * smallestBatchExtent",
     "SpaceTests|CrashSimulation"),
    ("padding-not-digested", WAL + "SealedBlock.swift",
     "range.lowerBound + magicOffset..<range.upperBound\n", "range.lowerBound + magicOffset..<range.upperBound - 8\n",
     "CorruptionTests"),
    ("record-count-not-checked", WAL + "LogWalk+Batches.swift",
     "guard content.isEmpty, newest", "guard newest", "CorruptionTests"),
    ("batch-in-flight-shown", WAL + "LogInspector.swift",
     "if vouched < (tail.segmentNumber, tail.endOffset) { tail = walk.previousTail }", "_ = vouched",
     "InspectionTests"),
    ("bad-checksum-accepted", WAL + "SealedBlock.swift",
     "== carried ? carried : nil", "== carried ? carried : carried", "CorruptionTests|OtherSystems"),
    ("damaged-middle-cut", WAL + "LogWalk+End.swift",
     "if let later = try laterBatch(&reader, before: end) {",
     "if let later = try laterBatch(&reader, before: end), later.recordCount > 1_000 {",
     "CorruptionTests|OtherSystems"),
    ("nonce-used-twice", WAL + "SegmentCipher.swift",
     "nonce: AESGCMNonce(number: header.batchNumber)", "nonce: AESGCMNonce(number: 0)",
     "EncryptionTests"),
    ("salt-not-drawn", WAL + "FileLog.swift",
     "salt: randomBytes(SegmentCipher.saltByteCount))",
     "salt: [UInt8](repeating: 0, count: SegmentCipher.saltByteCount))",
     "EncryptionTests"),
    ("tag-not-checked", "Sources/Cryptography/AES256GCM.swift",
     "if unsafe EVP_CipherFinal_ex(context, &nothing, &rest) == 1 { return true }",
     "if unsafe EVP_CipherFinal_ex(context, &nothing, &rest) < 2 { return true }",
     "AES256GCM|EncryptionTests"),
    ("clear-segment-accepted", WAL + "SegmentCipher.swift",
     "guard isEmpty else { throw .notEncrypted(file: file) }", "_ = isEmpty", "EncryptionTests"),
    ("copy-goes-on-in-old-history", WAL + "FileLog+Open.swift",
     "if block.isCopy, !expectation.continuesCopy {",
     "if block.isCopy, !expectation.continuesCopy, tail.segmentNumber > 1_000_000 {", "RestoreTests|BackupTests"),
    ("head-of-other-digest-confirmed", WAL + "LogProof.swift",
     "isThere = tail.digest == digest && tail.lastPosition == position",
     "isThere = digest != .zero && tail.lastPosition == position", "ProofTests"),
    ("permutation-one-round-less-back", "Sources/Cryptography/KeyedPermutation.swift",
     "(0..<Self.roundCount).reversed()", "(1..<Self.roundCount).reversed()", "KeyedPermutation"),
]

package, copy = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
names = set(sys.argv[3:])
if not copy.exists():
    shutil.copytree(package, copy, symlinks=True, ignore=shutil.ignore_patterns(".build"))
    # A broken source may leave a variable unused; that is not what is tested.
    manifest = copy / "Package.swift"
    lines = manifest.read_text().splitlines(keepends=True)
    manifest.write_text("".join(line for line in lines if ".treatAllWarnings" not in line))
missed = []
for name, path, before, after, tests in FAULTS:
    if names and name not in names:
        continue
    source = (package / path).read_text()
    if before not in source:
        sys.exit(f"{name}: the place is not in {path} any more")
    (copy / path).write_text(source.replace(before, after))
    command = ["swift", "test", "--package-path", str(copy), "--filter", tests]
    run = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=900)
    output = run.stdout + run.stderr
    (copy / path).write_text(source)
    built = "Test run started" in output
    caught = built and run.returncode != 0
    first = next((l for l in output.splitlines() if "✘" in l or (not built and "error:" in l)), "")
    print(f"{'caught' if caught else 'MISSED' if built else 'NOT BUILT'}  {name}: {first[:150]}", flush=True)
    if not caught:
        missed.append(name)
sys.exit(1 if missed else 0)
