import Foundation

/// The files of this repository, found from the place of this very file.
enum Tree {
    static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Swift and C: what the rules are about.
    static let sources = paths.filter { path in
        [".swift", ".c", ".h"].contains { path.hasSuffix($0) }
    }

    /// Everything that is kept, seen from the root.
    static let paths = kept.flatMap { top -> [String] in
        let below = try? FileManager.default.subpathsOfDirectory(atPath: place(of: top).path)
        return ([top] + (below ?? []).map { "\(top)/\($0)" }).filter(isFile)
    }.sorted()

    private static let kept = [
        "Package.swift", "Sources", "Tests", "README.md", "themes", "Demo", "docs", "Makefile",
        "LICENSE", ".ci", ".editorconfig", ".gitignore", ".swift-format",
    ]

    /// The folders of tests, by name.
    static let testFolders = Set(
        sources.filter { $0.hasPrefix("Tests/") && $0.hasSuffix(".swift") }.map {
            String($0.split(separator: "/")[1])
        }
    ).sorted()

    static func place(of path: String) -> URL {
        root.appending(path: path)
    }

    /// What is in a file, or `nil` if it is not text.
    static func text(of path: String) throws -> String? {
        String(data: try Data(contentsOf: place(of: path)), encoding: .utf8)
    }

    private static func isFile(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(
            atPath: place(of: path).path,
            isDirectory: &isFolder
        )
        return exists && !isFolder.boolValue
    }
}
