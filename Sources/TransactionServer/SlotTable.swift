/// What a thread watches, found by the token that its poller reports.
///
/// A token is a place in the table and the number of times that the place was used: an event for
/// something that is gone finds nothing, even if its place was taken since.
struct SlotTable<Element: AnyObject> {
  /// Tokens below this are free for descriptors that stand for no element.
  static var firstToken: UInt64 { 1 << 32 }

  private struct Slot {
    var element: Element?
    var generation: UInt32
  }

  private var slots: [Slot] = []
  private var free: [Int] = []

  var count: Int { slots.count - free.count }

  var isEmpty: Bool { count == 0 }

  mutating func insert(_ element: Element) -> UInt64 {
    let index = free.popLast() ?? slots.count
    if index == slots.count { slots.append(Slot(element: nil, generation: 0)) }
    slots[index].element = element
    slots[index].generation = slots[index].generation == .max ? 1 : slots[index].generation + 1
    return UInt64(slots[index].generation) << 32 | UInt64(index)
  }

  subscript(token: UInt64) -> Element? {
    let index = Int(truncatingIfNeeded: token & 0xFFFF_FFFF)
    guard index < slots.count, UInt64(slots[index].generation) == token >> 32 else { return nil }
    return slots[index].element
  }

  mutating func remove(_ token: UInt64) {
    let index = Int(truncatingIfNeeded: token & 0xFFFF_FFFF)
    precondition(self[token] != nil, "removed twice")
    slots[index].element = nil
    free.append(index)
  }

  /// Elements by place, with gaps: they may be removed while somebody goes through the places.
  var places: Range<Int> { slots.indices }

  func element(at place: Int) -> Element? { slots[place].element }
}
