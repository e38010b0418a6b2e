/// Where the bytes of a statement's texts lie from their being bound until the statement has run.
///
/// SQLite would else allocate and free each of them, and an insert of many rows has hundreds.
final class TextShelf {
    private var block = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    private var used = 0
    /// Blocks that are full: what lies in them must not move.
    private var full: [UnsafeMutableRawBufferPointer] = []

    private static let blockSize = 1 << 14

    /// Puts bytes onto it; they stay where they are until ``clear()``.
    func put(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafePointer<CChar>? {
        if block.count - used < bytes.count || block.baseAddress == nil { grow(for: bytes.count) }
        guard let start = block.baseAddress?.advanced(by: used) else { return nil }
        if let source = bytes.baseAddress {
            start.copyMemory(from: source, byteCount: bytes.count)
            used += bytes.count
        }
        return UnsafePointer(start.assumingMemoryBound(to: CChar.self))
    }

    private func grow(for count: Int) {
        if block.baseAddress != nil { full.append(block) }
        block = .allocate(byteCount: max(count, Self.blockSize, 2 * block.count), alignment: 1)
        used = 0
    }

    /// Takes everything away; the largest block is kept for the next texts.
    func clear() {
        used = 0
        guard !full.isEmpty else { return }
        for block in full { block.deallocate() }
        full.removeAll(keepingCapacity: true)
    }

    deinit {
        clear()
        block.deallocate()
    }
}
