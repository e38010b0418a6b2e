import Foundation

/// A terminal that nobody looks at: whatever is written to it is counted and thrown away.
final class PseudoTerminal: Sendable {
    /// The end that a program takes for its terminal.
    let descriptor: Int32
    private let master: Int32

    /// Requests of ioctl(2) whose names C computes: unlock the other end, and tell its number.
    private static let unlock: UInt = 0x4004_5431
    private static let number: UInt = 0x8004_5430

    /// Opens one of that size.
    init(rows: Int, columns: Int) throws {
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var zero: Int32 = 0
        var place: Int32 = 0
        guard master >= 0, ioctl(master, Self.unlock, &zero) == 0,
            ioctl(master, Self.number, &place) == 0
        else { throw Complaint(.failed, "there is no pseudo-terminal to measure with") }
        descriptor = open("/dev/pts/\(place)", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw Complaint(.failed, "the pseudo-terminal cannot be opened")
        }
        var size = winsize()
        (size.ws_row, size.ws_col) = (UInt16(rows), UInt16(columns))
        _ = ioctl(descriptor, UInt(TIOCSWINSZ), &size)
        let reader = master
        let thread = Thread {
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while read(reader, &buffer, buffer.count) > 0 {}
        }
        thread.start()
    }

    deinit {
        close(descriptor)
        close(master)
    }
}
