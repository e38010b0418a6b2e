import Glibc

/// What a program writes to one of its outputs, line by line.
struct ProgramStream {
    /// Where it is read; -1 once it is closed, which poll(2) passes over.
    private(set) var descriptor: Int32
    /// Whether it is standard error.
    let isErrors: Bool
    private var cutter: LineCutter

    /// How many portions are read at once after the program's end: 4 MiB at most.
    private static let lastRounds = 64
    /// How many bytes are read at once.
    private static let portion = 64 << 10

    /// Both outputs of a program that was started.
    static func both(
        _ pipes: (output: Int32, errors: Int32),
        _ limits: ScriptLimits
    ) -> [ProgramStream] {
        // What is longer in bytes than this is longer in characters, too.
        let cutter = LineCutter(limit: limits.lineLength * 4)
        return [
            ProgramStream(descriptor: pipes.output, isErrors: false, cutter: cutter),
            ProgramStream(descriptor: pipes.errors, isErrors: true, cutter: cutter),
        ]
    }

    /// Reads what is there, and closes at the end.
    mutating func read() -> [String] { read(rounds: 1) }

    /// Reads the rest, and closes.
    mutating func finish() -> [String] {
        var lines = read(rounds: Self.lastRounds)
        if let rest = cutter.rest() { lines.append(rest) }
        shut()
        return lines
    }

    private mutating func read(rounds: Int) -> [String] {
        guard descriptor >= 0 else { return [] }
        var lines: [String] = []
        var buffer = [UInt8](repeating: 0, count: Self.portion)
        for _ in 0..<rounds {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count > 0 else {
                if count == 0 || (errno != EAGAIN && errno != EINTR) { shut() }
                return lines
            }
            lines += cutter.take(buffer[..<count])
        }
        return lines
    }

    private mutating func shut() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }
}
