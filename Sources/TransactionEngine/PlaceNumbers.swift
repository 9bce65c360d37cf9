/// A number for each place of the index, 0 at first.
///
/// In blocks, so that nothing is copied when there are more: all would wait for it.
struct PlaceNumbers {
  private static let placesPerBlock = 8_192

  private var blocks: [[Int]] = []

  subscript(place: Int) -> Int {
    get {
      let block = place / Self.placesPerBlock
      return block < blocks.count ? blocks[block][place % Self.placesPerBlock] : 0
    }
    set {
      let block = place / Self.placesPerBlock
      while blocks.count <= block {
        blocks.append([Int](repeating: 0, count: Self.placesPerBlock))
      }
      blocks[block][place % Self.placesPerBlock] = newValue
    }
  }
}
