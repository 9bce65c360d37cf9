import LinuxSystem
import TLS

/// Why a measurement came to nothing.
enum BenchmarkError: Error, CustomStringConvertible {
  case inputUnusable(file: String, reason: String)
  case tooFewTerminals(wanted: Int, found: Int)
  case unreachable(NetworkError)
  case credentialsUnusable(TLSError)
  case system(SystemError)
  case connectionLost(reason: String)
  /// The server answered otherwise than it should.
  case answerWrong(String)
  case noAnswer(milliseconds: UInt64)
  /// A timed run used up the cards that were set aside for it.
  case outOfCards

  var description: String {
    switch self {
    case .inputUnusable(let file, let reason): "\(file): \(reason)"
    case .tooFewTerminals(let wanted, let found):
      "\(wanted) connections need as many terminals, and there are \(found)"
    case .unreachable(let error): "\(error)"
    case .credentialsUnusable(let error): "\(error)"
    case .system(let error): "\(error)"
    case .connectionLost(let reason): "connection lost: \(reason)"
    case .answerWrong(let text): "wrong answer: \(text)"
    case .noAnswer(let milliseconds): "no answer for \(milliseconds) ms"
    case .outOfCards: "no fresh cards are left: make more, or measure for less time"
    }
  }
}
