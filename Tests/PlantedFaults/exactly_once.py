#!/usr/bin/env python3
"""Breaks what makes each change happen once, and says whether the simulations notice.

usage: exactly_once.py PACKAGE COPY [NAME...]
"""
import planted

ENGINE = "Sources/TransactionEngine/"
TESTS = "(ExactlyOnceTests|TerminalAndDaemonTests)/exactlyOnce"

planted.run([
    ("acknowledge-before-durable", "Sources/WriteAheadLog/FileLog.swift",
     "      try segment.file.synchronizeData()\n", "", TESTS),
    ("forget-the-store-on-restart", ENGINE + "TransactionEngine+Replay.swift",
     "  public mutating func beginService(after position: LogPosition) {\n",
     "  public mutating func beginService(after position: LogPosition) {\n"
     "    duplicates = DuplicateStore(countMax: 256, ageMillisecondsMax: .max)\n", TESTS),
    ("execute-a-changed-repeat", ENGINE + "TransactionEngine+Repeat.swift",
     "guard answer.digest == digest else { throw traceNumberReused(answer) }",
     "guard answer.digest == digest else { return .new }", TESTS),
    ("lose-a-remembered-reversal", ENGINE + "TransactionEngine+Reversal.swift",
     "      duplicates.insert(answer, for: record.terminal)\n", "      _ = answer\n", TESTS),
    ("accept-a-reused-number", ENGINE + "TransactionEngine+Repeat.swift",
     "guard answer.digest == digest else { throw traceNumberReused(answer) }",
     "_ = digest", TESTS),
])
