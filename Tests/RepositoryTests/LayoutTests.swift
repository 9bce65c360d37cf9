import Foundation
import Testing

@Suite("The repository")
struct LayoutTests {
  @Test("has nothing but its rooms at the top level")
  func topLevel() throws {
    let allowed: Set = [
      "Package.swift", "Package.resolved", "Sources", "Tests", "Protocol", "systemd", "README.md",
    ]
    let found = try FileManager.default.contentsOfDirectory(atPath: Repository.root.path())
    #expect(found.filter { !$0.hasPrefix(".") && !allowed.contains($0) } == [])
  }

  @Test("uses `unsafe` in these files only")
  func unsafeFiles() throws {
    let found = try Repository.swiftFiles(below: Repository.sources).filter { file in
      try Repository.lines(of: file).contains(where: Self.usesUnsafe)
    }.map { $0.path().replacing(Repository.sources.path() + "/", with: "") }
    #expect(Set(found).subtracting(Self.unsafeFiles) == [], "not on the list")
    #expect(Self.unsafeFiles.subtracting(found) == [], "on the list, and safe now: take them off")
  }

  /// The files that see raw memory; everything else sees spans.
  static let unsafeFiles: Set<String> = [
    "Cryptography/AES256GCM.swift",
    "Cryptography/Ed25519.swift",
    "Cryptography/HMACSHA256.swift",
    "Cryptography/KeyDerivation.swift",
    "Cryptography/KeyedPermutation.swift",
    "Cryptography/SHA256.swift",
    "Cryptography/SHA256Digest.swift",
    "Cryptography/SecureRandom.swift",
    "EligibilityIndex/EligibilityIndex.swift",
    "EligibilityIndex/LargeArray.swift",
    "EligibilityIndex/MemoryAhead.swift",
    "LinuxSystem/Array+RawBytes.swift",
    "LinuxSystem/ChildProgram.swift",
    "LinuxSystem/Clocks.swift",
    "LinuxSystem/CurrentProcess.swift",
    "LinuxSystem/Directory+File.swift",
    "LinuxSystem/Directory.swift",
    "LinuxSystem/EventDescriptor.swift",
    "LinuxSystem/File.swift",
    "LinuxSystem/FileBuffer.swift",
    "LinuxSystem/InternetAddress.swift",
    "LinuxSystem/ListeningSocket.swift",
    "LinuxSystem/OwnedDescriptor+BeginConnect.swift",
    "LinuxSystem/OwnedDescriptor+Connect.swift",
    "LinuxSystem/OwnedDescriptor+SocketOptions.swift",
    "LinuxSystem/OwnedDescriptor+Transfer.swift",
    "LinuxSystem/ReadinessPoller.swift",
    "LinuxSystem/ServiceManager.swift",
    "LinuxSystem/SignalDescriptor.swift",
    "LinuxSystem/SystemError.swift",
    "LinuxSystem/Thread.swift",
    "LinuxSystem/TimerDescriptor.swift",
    "LinuxSystem/UnixAddress.swift",
    "LinuxSystem/UnixSocket.swift",
    "TLS/CertificateBuilder.swift",
    "TLS/CertificateHandles.swift",
    "TLS/CertificateSummary.swift",
    "TLS/SocketTransport.swift",
    "TLS/TLSClientContext.swift",
    "TLS/TLSContext.swift",
    "TLS/TLSError.swift",
    "TLS/TLSFailure.swift",
    "TLS/TLSServerContext.swift",
    "TLS/TLSSession.swift",
    "TerminalClient/RawBytes.swift",
    "TransactionEngine/ByteOrder.swift",
    "TransactionEngine/RequestDigest.swift",
    "TransactionEngine/TransactionEngine+Repeat.swift",
    "TransactionServer/BufferPool.swift",
    "TransactionServer/ByteQueue.swift",
    "WireFormat/FrameBuffer.swift",
    "WireFormat/FrameView.swift",
    "WriteAheadLog/Span+LittleEndian.swift",
  ]
  static func usesUnsafe(_ line: Substring) -> Bool {
    let code = line.split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false)[0]
    let words = code.split { !($0.isLetter || $0.isNumber || $0 == "_") }
    return words.contains("unsafe")
  }

  @Test("has files that can be taken in: at most 400 lines")
  func fileLengths() throws {
    for folder in ["Sources", "Tests"] {
      for file in try Repository.swiftFiles(below: Repository.root.appending(path: folder)) {
        let count = try Repository.lines(of: file).count
        #expect(count <= 400, "\(file.lastPathComponent) has \(count) lines")
      }
    }
  }
}
