import EligibilityPolicy
import PolicyFiles
import TransactionModel

/// The files of the compiled-in book, one of them changed.
func files(_ name: String, _ change: (inout String) -> Void) -> [PolicyFile] {
  PolicyBook.compiledIn.files.map { file in
    guard file.name == name else { return file }
    var text = String(decoding: file.bytes, as: UTF8.self)
    change(&text)
    return PolicyFile(name: name, bytes: Array(text.utf8))
  }
}

/// All mistakes in policy files, one line each; none when they make a book.
func mistakes(_ files: [PolicyFile]) -> [String] {
  do throws(PolicyFilesError) {
    _ = try PolicyBook(files: files)
    return []
  } catch {
    guard case .mistakes(let list) = error else { return ["unreadable"] }
    return list.map(\.description)
  }
}

/// The lines of a CSV text, without their ends.
func lines(_ text: String) -> [String] {
  text.split(separator: "\n").map(String.init)
}

/// A generator that gives the same numbers for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
