import Foundation

/// Where the files lie that come with the program: scenarios and themes.
struct Installation: Sendable {
    /// The folder that holds `Demo` and `themes`; nil if there is none.
    let share: String?

    /// Looks where `SIGNALBOX_SHARE` says, beside the installed program, and in the folders above a
    /// program that was just built.
    ///
    /// - Throws: a complaint if the variable names no folder.
    init(environment: [String: String]) throws(Complaint) {
        if let named = environment["SIGNALBOX_SHARE"], !named.isEmpty {
            guard Self.isFolder(named) else {
                throw Complaint(.usage, "SIGNALBOX_SHARE names \(named), which is no folder")
            }
            share = named
            return
        }
        let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: Self.link)) ?? ""
        share = Self.folder(ofProgram: program)
    }

    /// No such files at all.
    static let none = Installation(share: nil)

    private init(share: String?) { self.share = share }

    private static let link = "/proc/self/exe"

    static func folder(ofProgram program: String) -> String? {
        var folder = URL(fileURLWithPath: program).deletingLastPathComponent()
        let installed = folder.deletingLastPathComponent().appendingPathComponent("share/signalbox")
        if isFolder(installed.path) { return installed.path }
        for _ in 0..<8 where folder.path != "/" {
            if isFolder(folder.appendingPathComponent("Demo").path),
                isFolder(folder.appendingPathComponent("Sources").path)
            {
                return folder.path
            }
            folder.deleteLastPathComponent()
        }
        return nil
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            && isFolder.boolValue
    }

    /// The names of the YAML files in one of the folders, without their ending; sorted.
    func names(in folder: String) -> [String] {
        guard let share else { return [] }
        let files = (try? FileManager.default.contentsOfDirectory(atPath: "\(share)/\(folder)"))
        return (files ?? []).filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }
            .sorted()
    }

    /// Where a YAML file of that name lies in one of the folders; nil if it is not there.
    func path(of name: String, in folder: String) -> String? {
        names(in: folder).contains(name) ? share.map { "\($0)/\(folder)/\(name).yaml" } : nil
    }
}
