import ArgumentParser
import Foundation
import Installation
import TransactionEngine
import TransactionModel
import WireFormat
import WriteAheadLog

/// Proves that a log holds what a confirmation number was given for.
///
/// The number leads to a position with the key alone; the chain of digests proves the batch that
/// holds it, without the log's keys. That the record there told this very number can be seen only
/// with them.
struct ConfirmationProof {
  let directory: String
  let number: ConfirmationNumber
  let position: LogPosition
  let keyring: LogKeyring?

  init(
    directory: String, _ number: ConfirmationNumber, keyFile: String, keyring: LogKeyring?
  ) throws {
    guard let key = FileManager.default.contents(atPath: keyFile) else {
      throw ValidationError("\(keyFile) cannot be read")
    }
    guard key.count == InstallationPlan.confirmationKeyByteCount else {
      throw ValidationError("\(keyFile) is no confirmation key: it has \(key.count) bytes")
    }
    var confirmations = try ConfirmationKey(Array(key))
    self.directory = directory
    self.number = number
    self.keyring = keyring
    position = confirmations.position(of: number)
  }

  /// Looks for the position, behind a head that is to cover it if one is given.
  func judge(_ head: LogHead?) throws -> LogVerdict {
    if let head {
      let verdict = try LogInspection.prove(directory, head)
      guard verdict == .sound else { return verdict }
      guard position <= head.position else {
        StandardStreams.writeError("\(number): the head is older than what it was given for\n")
        return .unseen
      }
    }
    return try LogInspection.judged(directory) { () throws(LogError) in
      let (proof, verification) = try LogInspector.prove(
        directory: directory, position, progress: LogProgress("proving").show)
      if case .goneSince = proof { return Self.refute("\(number) leads behind the log's end") }
      let verdict = LogInspection.report(
        proof, verification, "\(number), position \(position.rawValue),")
      guard verdict == .sound, case .confirmed(let place) = proof else { return verdict }
      return try judgeRecord(place)
    }
  }

  private func judgeRecord(_ place: LogPlace) throws(LogError) -> LogVerdict {
    guard let keyring else {
      StandardStreams.write("the record itself is encrypted and was not looked at: give --keys\n")
      return .sound
    }
    var isGiven = false
    try LogParts(directory: directory, keyring: keyring).read(
      place.segmentNumber, after: LogPosition(rawValue: position.rawValue - 1), through: position
    ) { record in
      guard RecordKind(rawValue: record.kind) == .transaction else { return }
      isGiven = TransactionRecord(record.body)?.confirmation == number
    }
    guard isGiven else { return Self.refute("\(number) was not given for the record there") }
    StandardStreams.write("the transaction there was given this number\n")
    return .sound
  }

  private static func refute(_ text: String) -> LogVerdict {
    LogInspection.refute("\(text): it was never given, or the key is not the log's")
  }
}
