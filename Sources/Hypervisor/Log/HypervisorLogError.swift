/// Why a hypervisor's log cannot be used; the file is as it was.
package enum HypervisorLogError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file cannot be opened, read or replaced.
    case cannotUse(path: String, reason: String)
    /// Another process uses the file.
    case inUse(path: String)
    /// A line of the file, counted from 1, is not what it should be.
    case damaged(path: String, line: Int, reason: String)
    /// A newer Signalbox wrote the file.
    case newer(path: String, version: Int)

    /// What is wrong and what to do, for people.
    package var description: String {
        switch self {
        case .cannotUse(let path, let reason):
            "The hypervisor's log \(path) cannot be used: \(reason). Check that its directory "
                + "exists and that you may write there."
        case .inUse(let path):
            "The hypervisor's log \(path) is in use by another process. Stop that one first, or "
                + "name another file."
        case .damaged(let path, let line, let reason):
            "The hypervisor's log \(path) is damaged in line \(line): \(reason). Nothing was "
                + "changed. Move the file away to begin with a new inventory"
                + (line > 1
                    ? ", or cut it off after line \(line - 1) to go on from what was true then."
                    : ".")
        case .newer(let path, let version):
            "The hypervisor's log \(path) has format \(version), which a newer Signalbox wrote. "
                + "Use that one, or name another file."
        }
    }
}
