import ArgumentParser
import Foundation

/// The program: reads the arguments, runs one command, and ends with its exit status.
///
/// Everything is synchronous: the console's loop must stay on the process's first thread.
enum Program {
    /// Runs the program to its end.
    static func main() -> Never {
        // A reader that has gone away is noticed when writing fails, and is no reason to die.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try Signalbox.parseAsRoot()
            try command.run()
            end(.done)
        } catch {
            end(with: error)
        }
    }

    private static func end(with error: any Error) -> Never {
        if let ending = error as? Ending { end(ending.status) }
        if let complaint = Complaint(of: error) {
            StandardError.say(complaint.text)
            end(complaint.status)
        }
        // Help, version and completions come as errors that are none.
        let code = Signalbox.exitCode(for: error)
        guard code != .success else {
            StandardOutput.write(Signalbox.fullMessage(for: error) + "\n")
            end(.done)
        }
        StandardError.say(Signalbox.message(for: error) + " (signalbox --help explains)")
        end(.usage)
    }

    private static func end(_ status: ExitStatus) -> Never {
        StandardOutput.flush()
        exit(status.rawValue)
    }
}
