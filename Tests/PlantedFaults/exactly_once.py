"""Faults of what makes each change happen once."""

ENGINE = "Sources/TransactionEngine/"
TESTS = "SimulationTests.(ExactlyOnceTests|TerminalAndDaemonTests)/exactlyOnce"

FAULTS = [
    ("acknowledge-before-durable", "Sources/WriteAheadLog/FileLog.swift",
     "      try segment.file.synchronizeData()\n", "", TESTS),
    ("forget-the-store-on-restart", ENGINE + "TransactionEngine+Replay.swift",
     "    reviveSessions(at: max(now, newestServerTime))\n",
     "    reviveSessions(at: max(now, newestServerTime))\n"
     "    duplicates = DuplicateStore(countMax: 256, ageMillisecondsMax: .max)\n", TESTS),
    ("execute-a-changed-repeat", ENGINE + "TransactionEngine+Repeat.swift",
     "guard answer.digest == digest else { throw traceNumberReused(answer) }",
     "guard answer.digest == digest else { return .new }", TESTS),
    ("lose-a-remembered-reversal", ENGINE + "TransactionEngine+Reversal.swift",
     "      duplicates.insert(answer, for: record.terminal)\n", "      _ = answer\n", TESTS),
    ("accept-a-reused-number", ENGINE + "TransactionEngine+Repeat.swift",
     "guard answer.digest == digest else { throw traceNumberReused(answer) }",
     "_ = digest", TESTS),
]
