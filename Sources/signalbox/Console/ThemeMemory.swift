import Console
import Foundation

/// The themes that came along, and which one was chosen last.
struct ThemeMemory: Sendable {
    private let installation: Installation
    private var file: String { GlobalOptions.stateFolder + "/theme" }

    init(_ installation: Installation) { self.installation = installation }

    /// The theme that was chosen last; nil if none was.
    var kept: String? {
        (try? String(contentsOfFile: file, encoding: .utf8))?
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Keeps a choice for the next start; that it cannot be kept is no trouble.
    func keep(_ name: String) {
        let folder = GlobalOptions.stateFolder
        try? FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        try? (name + "\n").write(toFile: file, atomically: true, encoding: .utf8)
    }

    /// All themes that can be read.
    ///
    /// One that is asked for by name must be among them.
    ///
    /// - Throws: a complaint about the theme that was asked for.
    func themes(needing wanted: String?) throws(Complaint) -> [Theme] {
        var themes: [Theme] = []
        for name in installation.names(in: "themes") {
            guard let path = installation.path(of: name, in: "themes"),
                let text = try? String(contentsOfFile: path, encoding: .utf8)
            else { continue }
            do { themes.append(try Theme.parse(text: text, name: name)) } catch {
                if name == wanted { throw Complaint(.usage, error.description) }
            }
        }
        if let wanted, wanted != Theme.builtIn.name, !themes.contains(where: { $0.name == wanted })
        {
            let known = Set([Theme.builtIn.name] + themes.map(\.name)).sorted()
            let list = known.joined(separator: ", ")
            throw Complaint(.usage, "there is no theme “\(wanted)”; there are \(list)")
        }
        return themes
    }
}
