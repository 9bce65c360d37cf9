import TransactionModel

@testable import WireFormat

/// What became of bytes off the wire.
enum Parsed {
  case incomplete
  case closed(FramingError)
  case refused(FormatRefusal)
  case request(RequestHeader, RequestBody)
  case reply(Reply)
}

/// Takes the first frame of some bytes all the way to owned values.
func parse(_ bytes: [UInt8], _ direction: Direction) -> Parsed {
  do throws(FramingError) {
    guard let frame = try FrameView(prefixOf: unsafe bytes.span.bytes, direction) else {
      return .incomplete
    }
    do throws(FormatRefusal) {
      switch direction {
      case .request:
        let body = try RequestBody(frame)
        guard let header = RequestHeader(frame) else { return .incomplete }
        return .request(header, body)
      case .reply:
        return .reply(try Reply(frame))
      }
    } catch {
      return .refused(error)
    }
  } catch {
    return .closed(error)
  }
}

extension FrameBuffer {
  /// The frame so far, as bytes of its own.
  var array: [UInt8] { unsafe bytes.withUnsafeBytes { unsafe Array($0) } }
}

/// The bytes of a request.
func encoded(_ header: RequestHeader, _ body: RequestBody) -> [UInt8]? {
  var buffer = FrameBuffer()
  guard buffer.encode(header, body) else { return nil }
  return buffer.array
}
