import Glibc

/// Whether a file may be run on somebody else's word.
package enum ProgramCheck {
    /// What speaks against running that file; nil if nothing does.
    ///
    /// Nobody but root and this process's user may be able to change what is run.
    package static func problem(with path: String) -> String? {
        guard path.hasPrefix("/") else { return "\(path) is no absolute path" }
        var status = stat()
        guard stat(path, &status) == 0 else {
            return "\(path): \(String(cString: strerror(errno)))"
        }
        guard status.st_mode & S_IFMT == S_IFREG else { return "\(path) is no file" }
        if let problem = ownership(of: path, status) { return problem }
        guard access(path, X_OK) == 0 else { return "\(path) is not executable (chmod +x)" }
        return folders(above: path)
    }

    private static func ownership(of path: String, _ status: stat) -> String? {
        if status.st_mode & S_IWOTH != 0 {
            return "anybody may change \(path) (chmod o-w)"
        }
        guard status.st_uid == 0 || status.st_uid == geteuid() else {
            return "\(path) belongs to user \(status.st_uid), neither to root nor to the "
                + "engine's user"
        }
        return nil
    }

    /// A folder that anybody may write to lets anybody put another file there, unless only owners
    /// may replace what is theirs.
    private static func folders(above path: String) -> String? {
        guard let real = realpath(path, nil) else {
            return "\(path): \(String(cString: strerror(errno)))"
        }
        defer { free(real) }
        for start in [path, String(cString: real)] {
            var folder = Substring(start)
            while let slash = folder.lastIndex(of: "/") {
                folder = folder[..<slash]
                let name = folder.isEmpty ? "/" : String(folder)
                var status = stat()
                guard stat(name, &status) == 0 else { continue }
                if status.st_mode & S_IWOTH != 0, status.st_mode & S_ISVTX == 0 {
                    return "anybody may put another file in its place: \(name) is writable by all"
                }
            }
        }
        return nil
    }
}
