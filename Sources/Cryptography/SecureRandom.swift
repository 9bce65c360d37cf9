import COpenSSL

/// Bytes that nobody can foresee, from libcrypto's generator.
///
/// A generator that fails traps: what would follow is a key that somebody could guess.
public enum SecureRandom {
  public static func fill(_ bytes: inout MutableRawSpan) {
    unsafe bytes.withUnsafeMutableBytes { region in
      let status = unsafe RAND_bytes(
        region.baseAddress?.assumingMemoryBound(to: UInt8.self), Int32(region.count))
      precondition(status == 1, "RAND_bytes")
    }
  }

  public static func bytes(count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var elements = bytes.mutableSpan
    var region = unsafe elements.mutableBytes
    fill(&region)
    return bytes
  }

  /// 128 random bits, for an identity that is never given twice.
  public static func identity() -> UInt128 {
    var identity: UInt128 = 0
    unsafe withUnsafeMutableBytes(of: &identity) { region in
      var span = unsafe MutableRawSpan(_unsafeBytes: region)
      fill(&span)
    }
    return identity
  }
}
