/// The sizes that are chosen when a log is made and then hold for all of its segments.
public struct LogGeometry: Hashable, Sendable {
  public static let formatVersion: UInt16 = 2
  public static let segmentByteCountDefault = 64 << 20
  public static let batchByteCountMaxDefault = 1 << 20
  public static let alignmentDefault = 4096
  static let alignmentMax = 65_536

  /// What a batch starts on and is padded to a multiple of.
  ///
  /// It is the page, so that no write touches a page that holds acknowledged data.
  public let alignment: Int

  /// The length of a segment file while it is written to.
  public let segmentByteCount: Int

  /// The most one batch takes, header and padding included.
  public let batchByteCountMax: Int

  public init(
    segmentByteCount: Int = segmentByteCountDefault,
    batchByteCountMax: Int = batchByteCountMaxDefault
  ) {
    self.init(
      segmentByteCount: segmentByteCount, batchByteCountMax: batchByteCountMax,
      alignment: Self.alignmentDefault)
  }

  /// Takes a smaller alignment too, which only tests may do.
  package init(segmentByteCount: Int, batchByteCountMax: Int, alignment: Int) {
    self.alignment = alignment
    self.segmentByteCount = segmentByteCount
    self.batchByteCountMax = batchByteCountMax
    precondition(isValid, "impossible log geometry")
  }

  /// Takes what a header says: nil when it is not a possible geometry.
  init?(segmentByteCount: UInt64, batchByteCountMax: UInt32, alignment: UInt32) {
    guard segmentByteCount <= 1 << 40 else { return nil }
    self.alignment = Int(alignment)
    self.segmentByteCount = Int(segmentByteCount)
    self.batchByteCountMax = Int(batchByteCountMax)
    guard isValid else { return nil }
  }

  /// Where the first batch of a segment starts.
  var headerExtent: Int { SegmentHeader.byteCount.roundedUp(to: alignment) }

  /// The room that must be left while changes are accepted and no other segment is prepared.
  ///
  /// When it is seen that less is left, one batch may be on its way to the disk and another one
  /// filled; the two smallest ones are for the marks of an idle log.
  var roomToAccept: Int { 2 * batchByteCountMax + 2 * smallestBatchExtent }

  var smallestBatchExtent: Int { BatchHeader.byteCount.roundedUp(to: alignment) }

  private var isValid: Bool {
    alignment >= 64 && alignment <= Self.alignmentMax && alignment.nonzeroBitCount == 1
      && batchByteCountMax % alignment == 0 && batchByteCountMax >= 2 * smallestBatchExtent
      && batchByteCountMax <= 64 << 20 && segmentByteCount % alignment == 0
      && segmentByteCount >= headerExtent + roomToAccept && segmentByteCount <= 1 << 40
  }
}
