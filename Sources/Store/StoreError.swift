/// Why the store could not do what it was asked.
package struct StoreError: Error, CustomStringConvertible {
    /// What kind of trouble it is.
    package enum Code: Sendable {
        case missing, empty, damaged, full, newer, notWritable, busy, notOwner, conflict, refused,
            other
    }

    /// What kind of trouble it is.
    package let code: Code
    /// What was being done, and to which file or job: “open /var/lib/signalbox.sqlite”.
    package let action: String
    /// What is known beyond the code, in a sentence.
    package let detail: String

    /// A trouble with all its parts.
    package init(_ code: Code, action: String, detail: String = "") {
        self.code = code
        self.action = action
        self.detail = detail
    }

    /// What was tried, what went wrong, and what to do next, in one sentence.
    package var description: String {
        let reason =
            switch code {
            case .missing: "there is no such file"
            case .empty: "nothing is in it yet; a submitted job or an engine makes a store of it"
            case .damaged: "the file is damaged; keep it, and restore a backup beside it"
            case .full: "the disk is full; nothing was lost, free some space and try again"
            case .newer: "it was written by a newer version of signalbox; use that version"
            case .notWritable: "it cannot be written by this user"
            case .busy: "another process is writing to it for too long"
            case .notOwner: "another engine has taken the store over"
            case .conflict: "the job changed meanwhile"
            case .refused: "the store's rules forbid it"
            case .other: "an unexpected error"
            }
        return "cannot \(action): \(reason)" + (detail.isEmpty ? "" : " (\(detail))")
    }
}
