import Foundation

/// The program under test.
enum Program {
    /// Where the built binary is: what `SIGNALBOX_BINARY` names, else the package's debug build.
    static let path: String = {
        let named = ProcessInfo.processInfo.environment["SIGNALBOX_BINARY"] ?? ""
        return named.isEmpty ? package + "/.build/debug/signalbox" : named
    }()

    /// The package's folder.
    static let package: String = {
        var folder = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { folder.deleteLastPathComponent() }
        return folder.path
    }()

    /// Whether it can be run.
    static var isThere: Bool { FileManager.default.isExecutableFile(atPath: path) }
}

/// Programs that some tests need and machines may lack.
enum Tool {
    /// Where a program is, if it is on the path.
    static func find(_ name: String) -> String? {
        let folders = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return folders.split(separator: ":").map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    static let tmux = find("tmux")
    static let sqlite3 = find("sqlite3")
    /// Whether a program can be run as somebody else.
    static let canChangeUser = getuid() == 0 && find("setpriv") != nil
}
