#!/usr/bin/env python3
"""Breaks a copy of the terminal's sources in one place at a time and says whether the tests notice.

usage: terminal.py PACKAGE COPY [NAME...]
"""
import planted

CLIENT = "Sources/TerminalClient/"
# name, file, what stands there, what is put there, the tests that should fail
FAULTS = [
    ("sent-before-kept", CLIENT + "TerminalSession+Sending.swift",
     "        actions.append(.keep(entries[index].change))\n      }\n      let time", "      }\n      let time",
     "TerminalSession|TerminalSimulation"),
    ("transaction-time-not-compared", CLIENT + "TerminalSession+Events.swift",
     "      && header.transactionTime == reply.transactionTime\n", "", "TerminalSession|ReliableTerminal"),
    ("answers-taken-after-cancel", CLIENT + "TerminalSession+Replies.swift",
     "$0.active.isAnswered(by: reply.header) }",
     "($0.active.isAnswered(by: reply.header) || $0.change.request.isAnswered(by: reply.header)) }",
     "TerminalSession|TerminalSimulation"),
    ("cancelled-without-reversal", CLIENT + "TerminalSession.swift",
     "guard entries[index].change.mayHaveBeenSent else {", "guard entries[index].change.mayHaveBeenSent, reversal == nil else {",
     "TerminalSession|TerminalSimulation"),
    ("told-before-forgotten", CLIENT + "TerminalSession.swift",
     "      if entry.isKept { actions.append(.erase(id)) }\n      let result = RequestResult(request: entry.change.request, outcome: .cancelled(nil))\n      return actions.append(.report(result))",
     "      let result = RequestResult(request: entry.change.request, outcome: .cancelled(nil))\n      actions.append(.report(result))\n      if entry.isKept { actions.append(.erase(id)) }\n      return",
     "TerminalSession|TerminalSimulation"),
    ("refusal-taken-for-certain", CLIENT + "TerminalSession+Replies.swift",
     "!entries[index].hasOpenCopy || Self.excludesEarlierCopies(code)", "true",
     "TerminalSession|TerminalSimulation"),
    ("card-not-blocked", CLIENT + "TerminalSession+Sending.swift",
     "        if openCards.contains(card) { continue }\n", "",
     "TerminalSession|TerminalSimulation"),
    ("reversal-overtaken", CLIENT + "TerminalSession+Sending.swift",
     "        isBehindReversal = true\n", "", "TerminalSession|TerminalAndDaemon"),
    ("no-cancelling-when-full", CLIENT + "ReliableTerminal.swift",
     "if body.isChange, takesPlace {", "if body.isChange {", "ReliableTerminal"),
    ("order-of-times-ignored", CLIENT + "TerminalSession+Sending.swift",
     "    changes.sort { time(of: $0) < time(of: $1) }\n", "", "TerminalSession"),
    ("stored-flag-forgotten", CLIENT + "TerminalSession+Sending.swift",
     "request.header.flags.insert(.storedAndForward)", "_ = request", "TerminalSession|TerminalSimulation"),
    ("repeated-with-a-new-time", CLIENT + "TerminalSession+Sending.swift",
     "request.header.flags.insert(.repeat)", "request.header.transactionTime = now.wall",
     "TerminalSession|TerminalSimulation|ReliableTerminal"),
    ("change-not-written", CLIENT + "PendingFile.swift",
     "      try write(PendingImage(writeNumber: writeNumber, change: change), to: place)\n",
     "      _ = place\n", "PendingFile|ReliableTerminal"),
    ("place-not-bound", CLIENT + "PendingFile.swift",
     "guard isProven, index == place, let image", "guard isProven, let image", "PendingFile"),
    ("erased-in-name-only", CLIENT + "PendingFile.swift",
     "    do throws(SystemError) { try clear(place) } catch { throw .stateUnusable(path: path, error) }\n    changes.removeAll { $0.id == id }",
     "    _ = place\n    changes.removeAll { $0.id == id }", "PendingFile"),
    ("number-given-before-it-is-stored", CLIENT + "TraceNumberFile.swift",
     "      try Self.write(count, to: file, at: Self.slotOffsets[target])\n", "      _ = target\n",
     "TraceNumberFile"),
]

planted.run(FAULTS)
