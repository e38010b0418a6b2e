import Foundation
import Model

/// Who runs this program, as the operating system says.
enum Login {
    /// The person at the keyboard.
    ///
    /// Behind sudo, root acts with root's rights under the name of who called sudo: only root can
    /// set these variables for a process of root, so they are believed there and nowhere else.
    static func identity(account: String, environment: [String: String]) -> Identity {
        let uid = getuid()
        let person = uid == 0 ? sudoer(environment) : nil
        return Identity(
            user: person ?? name(of: uid) ?? "uid-\(uid)",
            uid: uid,
            groups: groups(),
            account: account,
            origin: origin(environment, isRoot: person != nil)
        )
    }

    private static func sudoer(_ environment: [String: String]) -> String? {
        guard let text = environment["SUDO_UID"], let uid = UInt32(text), uid != 0 else {
            return nil
        }
        return name(of: uid)
    }

    /// The login name of a user's number; nil if it has none.
    static func name(of uid: UInt32) -> String? {
        getpwuid(uid).flatMap { $0.pointee.pw_name }.map { String(cString: $0) }
    }

    private static func groups() -> [String] {
        var numbers = [gid_t](repeating: 0, count: 1024)
        let count = getgroups(Int32(numbers.count), &numbers)
        let all = Set(numbers.prefix(Int(max(0, count))) + [getgid()])
        return all.compactMap { gid in
            getgrgid(gid).flatMap { $0.pointee.gr_name }.map { String(cString: $0) }
        }.sorted()
    }

    /// The terminal, the machine, from where the person came there, and whether by way of sudo.
    private static func origin(_ environment: [String: String], isRoot: Bool) -> String {
        let terminal = [Int32(0), 1, 2].lazy.compactMap { descriptor in
            ttyname(descriptor).map { String(cString: $0) }
        }.first
        let place = terminal.map { $0.hasPrefix("/dev/") ? String($0.dropFirst(5)) : $0 }
        var parts = [(place ?? "no terminal") + " on " + ProcessInfo.processInfo.hostName]
        if let client = environment["SSH_CONNECTION"]?.split(separator: " ").first {
            parts.append("from \(client)")
        }
        if isRoot { parts.append("as root") }
        return parts.joined(separator: ", ")
    }

    /// The permissions of a file; nil if there is none.
    static func mode(of path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : nil
    }

    /// The number of the user who owns a file; nil if there is none.
    static func owner(of path: String) -> UInt32? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_uid : nil
    }
}
