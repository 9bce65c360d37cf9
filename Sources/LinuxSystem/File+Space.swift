import CLinux
import Glibc

extension File {
  /// Reserves the file's blocks and sets its length; ENOSPC when the space cannot be had.
  public func allocate(byteCount: Int) throws(SystemError) {
    _ = try systemCall("fallocate") {
      CLinux_allocate(descriptorNumber, 0, Int64(byteCount))
    }.get()
  }

  /// Writes zeros from `offset` on.
  ///
  /// Blocks that are only reserved are marked written at their first use, which would make every
  /// later fdatasync wait for the file system's journal.
  public func writeZeros(at offset: Int, byteCount: Int) throws(SystemError) {
    var writtenCount = 0
    while writtenCount < byteCount {
      writtenCount += try systemCall("pwritev") {
        CLinux_write_zeros(
          descriptorNumber, Int64(offset + writtenCount), Int64(byteCount - writtenCount))
      }.get()
    }
  }

  /// Cuts the file, or extends it with zeros, to a length.
  public func truncate(to byteCount: Int) throws(SystemError) {
    _ = try systemCall("ftruncate") { ftruncate(descriptorNumber, byteCount) }.get()
  }
}
