import Cryptography
import TransactionModel

extension LogWalk {
  /// The first segment to read, by its place in the catalog.
  mutating func startIndex() throws(LogError) -> Int {
    if let origin { return try startIndex(behind: origin) }
    let claimed = catalog.control.tail
    if let resume {
      if let first = catalog.begun.first, resume.segmentNumber < first.number {
        // Not lost, but removed: what resumes there has to begin anew.
        throw .startsTooLate(
          firstPosition: first.basePosition.next, neededPosition: resume.lastPosition.next)
      }
      guard let index = catalog.begun.firstIndex(where: { $0.number == resume.segmentNumber })
      else { throw missing(resume.segmentNumber, upTo: resume.lastPosition) }
      return index
    }
    guard let first = catalog.begun.first else {
      if claimed.segmentNumber == 0 { return 0 }
      throw missing(claimed.segmentNumber, upTo: claimed.lastPosition)
    }
    guard first.number == 1 || first.basePosition <= replayAfter else {
      throw .startsTooLate(
        firstPosition: first.basePosition.next, neededPosition: replayAfter.next)
    }
    return 0
  }

  /// The segment that the point of a snapshot is in; or the one behind it, if that vouches for the
  /// point and nothing of the former is needed.
  private mutating func startIndex(behind origin: LogTail) throws(LogError) -> Int {
    let behind = catalog.begun.firstIndex { $0.number == origin.segmentNumber + 1 }
    if let behind, catalog.begun[behind].follows(origin) {
      tail = origin
      previousTail = origin
      meetPoints()
      hasOrigin = true
      return behind
    }
    if let index = catalog.begun.firstIndex(where: { $0.number == origin.segmentNumber }) {
      return index
    }
    guard let first = catalog.begun.first, let last = catalog.begun.last else {
      throw .snapshotUnfit(
        file: LogSnapshot.name(of: origin.lastPosition), .newerThanLog(tail.lastPosition))
    }
    if last.number < origin.segmentNumber {
      guard last.history == origin.history else { throw unfit(origin) }
      // Where it ends is read, to be told.
      return catalog.begun.count - 1
    }
    if behind != nil { throw unfit(origin) }
    throw .startsTooLate(
      firstPosition: first.basePosition.next, neededPosition: origin.lastPosition.next)
  }

  private func unfit(_ origin: LogTail) -> LogError {
    .snapshotUnfit(file: LogSnapshot.name(of: origin.lastPosition), .notInLog)
  }

  /// Compares what was proven so far with the points that are looked for.
  mutating func meetPoints() {
    let tail = tail
    meetPoints { $0 == tail }
  }

  mutating func meetPoints(where isHere: (LogTail) -> Bool) {
    for mark in marks where !metMarks.contains(mark) && isHere(mark) { metMarks.append(mark) }
  }

  /// What stands where a snapshot was taken must be what it was taken of.
  mutating func meetOrigin() throws(LogError) {
    guard let origin, !hasOrigin, tail.segmentNumber >= origin.segmentNumber else { return }
    if tail == origin {
      hasOrigin = true
    } else if tail.segmentNumber > origin.segmentNumber || tail.endOffset >= origin.endOffset {
      throw unfit(origin)
    }
  }
}
