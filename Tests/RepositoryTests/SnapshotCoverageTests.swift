import Foundation
import Testing

/// A snapshot must carry all that replay builds.
///
/// Whoever adds a property to one of these types finds
/// it missing here: write it into the snapshot and read it back, or say why it need not be there.
@Suite("A snapshot of the engine carries")
struct SnapshotCoverageTests {
  /// The stored properties by file and type: those in the snapshot, and those that need not be.
  static let properties: [String: (carried: Set<String>, left: Set<String>)] = [
    "TransactionEngine/TransactionEngine.swift TransactionEngine": (
      [
        "confirmations", "index", "register", "duplicates", "undoStore", "credentials", "sessions",
        "registerPosition", "policyJournal", "newestServerTime",
      ],
      // The installation's choice; made from the policy journal; empty before service; worked out
      // again; of this run only, and what the windows tell; no state at all.
      [
        "settings", "policy", "batch", "currentDay", "work", "memoryDueCount",
        "changesUnavailableSince", "activities", "anchor",
      ]
    ),
    "TransactionEngine/DuplicateStore.swift DuplicateStore": (
      ["histories"], ["countMax", "ageMillisecondsMax"]
    ),
    "TransactionEngine/DuplicateStore.swift TerminalHistory": (
      [
        "answers", "start", "count", "largestTraceNumber", "forgottenThrough",
        "newestTraceNumber", "newestPosition",
      ],
      ["traceNumbers", "countMax"]
    ),
    "TransactionEngine/StoredAnswer.swift StoredAnswer": (
      [
        "digest", "position", "transactionTime", "serverTime", "traceNumber", "replyByteCount",
        "frameByteCount", "reply", "card", "hasChangedRecord", "reversal",
      ], []
    ),
    "TransactionEngine/UndoStore.swift UndoStore": (
      ["entries", "images", "start", "end", "sequences", "droppedThrough"],
      // Settings; known from the entries as they are read back.
      ["countMax", "ageMillisecondsMax", "imagesEnd"]
    ),
    "TransactionEngine/SessionTable.swift SessionTable": (["firstPlaces", "sessions"], []),
    "TransactionEngine/OperatorCredentials.swift OperatorCredentials": (
      ["credentials"], ["digester", "wrongCountMax", "issuedMillisecondsMax"]
    ),
    "TransactionEngine/SiteRegister.swift SiteRegister": (
      [
        "providers", "registeredSites", "terminals", "operators", "stock", "shipments", "outages",
        "usedBlankCards",
      ],
      ["sites"]
    ),
    "TransactionEngine/SiteRegister.swift SiteShipments": (
      ["blankCount", "year", "cardsOfYear", "blanksOfYear"], []
    ),
    "TransactionEngine/CardStock.swift CardStock": (["ranges"], []),
    "TransactionEngine/PolicyJournal.swift PolicyJournal": (["active", "documents"], []),
    "TransactionEngine/PolicyJournal.swift PolicyDocument": (["name", "version", "content"], []),
    "TransactionEngine/PolicyJournal.swift ActivePolicy": (
      ["isCompiledIn", "documents", "since", "position"], []
    ),
    "EligibilityIndex/EligibilityIndex.swift EligibilityIndex": (
      ["blocks", "keys", "count", "hashSeed"], ["cards"]
    ),
    "EligibilityIndex/FingerprintTable.swift FingerprintTable": (
      ["entries", "former", "count"], ["movedCount", "next"]
    ),
    "TransactionModel/EligibilityRecord.swift EligibilityRecord": (
      [
        "card", "lastPosition", "lastChange", "lastChangeSite", "formSite", "lastAffirmed",
        "version", "determinationDate", "policySet", "incomeTable", "failedCriteria", "flags",
        "replacementCount", "reserved", "hearing", "client", "periods", "alias",
      ], []
    ),
  ]

  @Test("every property, or it is said why not", arguments: properties.keys.sorted())
  func everyProperty(key: String) throws {
    let words = key.split(separator: " ")
    let file = Repository.sources.appending(path: String(words[0]))
    let found = try Self.storedProperties(of: words[1], in: Repository.lines(of: file))
    let known = try #require(Self.properties[key])
    #expect(!found.isEmpty)
    #expect(found.subtracting(known.carried).subtracting(known.left) == [], "new: is it carried?")
    #expect(known.carried.union(known.left).subtracting(found) == [], "gone: take it off")
  }

  /// The names of the stored properties of a type's declaration.
  static func storedProperties(of type: Substring, in lines: [Substring]) -> Set<String> {
    var names: Set<String> = []
    var isInside = false
    for line in lines {
      let words = line.split(whereSeparator: { " :<{(".contains($0) })
      if !line.hasPrefix(" "), words.contains("struct") || words.contains("class") {
        isInside = words.contains(type)
      } else if line.hasPrefix("}") {
        isInside = false
      }
      guard isInside, line.hasPrefix("  "), !line.hasPrefix("   "), !line.hasSuffix("{"),
        !line.contains(" { "), !words.contains("static"),
        let keyword = words.firstIndex(where: { $0 == "var" || $0 == "let" }),
        words[..<keyword].allSatisfy({
          ["public", "package", "private", "fileprivate", "set)", "@usableFromInline"].contains($0)
        }), keyword + 1 < words.count
      else { continue }
      names.insert(String(words[keyword + 1]))
    }
    return names
  }
}
