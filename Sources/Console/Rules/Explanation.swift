import Model

/// Why a job does what it does, in a line that does not name the job.
enum Explanation {
    /// What it waits for, what it does, or how it ended.
    static func of(_ job: Job, at now: Timestamp, hasEngine: Bool) -> String {
        let line = JobWhy.line(job, engineAlive: hasEngine, now: now)
        let text = String(tail(of: line))
        // How much is done stands beside it already.
        let known = "\(job.progress) % is done; "
        return text.hasPrefix(known) ? String(text.dropFirst(known.count)) : text
    }

    /// What is behind the first colon and blank; all of it if nothing is.
    ///
    /// By hand, because it is done for each row of each frame.
    private static func tail(of line: String) -> Substring {
        let bytes = line.utf8
        var rest = bytes[...]
        while let colon = rest.firstIndex(of: UInt8(ascii: ":")) {
            rest = bytes[bytes.index(after: colon)...]
            guard rest.first == UInt8(ascii: " ") else { continue }
            let tail = line[bytes.index(after: rest.startIndex)...]
            return tail.isEmpty ? line[...] : tail
        }
        return line[...]
    }
}
