import Glibc
import Testing

/// A terminal without a screen: what a program writes can be read, and keys can be typed.
final class Pty {
    /// The side of the one who looks and types.
    private var near: Int32
    /// The side of the program.
    let far: Int32

    init(rows: UInt16, columns: UInt16) throws {
        var (near, far): (Int32, Int32) = (-1, -1)
        try #require(openpty(&near, &far, nil, nil, nil) == 0)
        (self.near, self.far) = (near, far)
        resize(rows: rows, columns: columns)
    }

    deinit {
        hangUp()
        close(far)
    }

    func resize(rows: UInt16, columns: UInt16) {
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(near, UInt(TIOCSWINSZ), &size)
    }

    func type(_ text: String) {
        _ = Array(text.utf8).withUnsafeBytes { write(near, $0.baseAddress, $0.count) }
    }

    /// What the program wrote and nobody read yet.
    func output() -> String {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        var all: [UInt8] = []
        var state = pollfd(fd: near, events: Int16(POLLIN), revents: 0)
        while poll(&state, 1, 0) > 0, state.revents & Int16(POLLIN) != 0 {
            let count = read(near, &bytes, bytes.count)
            guard count > 0 else { break }
            all += bytes[..<count]
        }
        return String(decoding: all, as: UTF8.self)
    }

    var modes: termios {
        var modes = termios()
        tcgetattr(far, &modes)
        return modes
    }

    func hangUp() {
        if near >= 0 { close(near) }
        near = -1
    }
}
