import LinuxSystem

extension LogBatch {
  /// Shows the records it holds, in order.
  package borrowing func forEachRecord<Failure: Error>(
    _ body: (borrowing LogRecordView) throws(Failure) -> Void
  ) throws(Failure) {
    var content = buffer.bytes.extracting(droppingFirst: BatchHeader.byteCount)
      .extracting(first: contentByteCount)
    while let record = LogRecordView(frontOf: content) {
      try body(record)
      content = content.extracting(droppingFirst: record.extent)
    }
    precondition(content.isEmpty, "a staged record breaks the layout")
  }
}
