/// How a process ended.
enum Ending: Equatable {
    /// By itself, with that status.
    case exit(Int32)
    /// By that signal.
    case signal(Int32)

    /// Reads what `waitpid` says.
    init(waitStatus status: Int32) {
        let signal = status & 0x7F
        self = signal == 0 ? .exit((status >> 8) & 0xFF) : .signal(signal)
    }
}

/// What a run of the program left behind.
struct Outcome: CustomStringConvertible {
    let arguments: [String]
    let ending: Ending
    /// Standard output.
    let output: String
    /// Standard error.
    let errors: String

    /// The exit status; negative for a signal.
    var code: Int32 {
        switch ending {
        case .exit(let status): status
        case .signal(let number): -number
        }
    }

    /// The lines of standard output.
    var lines: [String] { output.split(separator: "\n").map(String.init) }

    /// The number that `submit` prints.
    var job: Int? { lines.first.flatMap(Int.init) }

    var description: String {
        "signalbox \(arguments.joined(separator: " "))\n→ \(ending)\n"
            + "--- stdout\n\(output.suffix(4000))"
            + "--- stderr\n\(errors.suffix(4000))"
    }
}
