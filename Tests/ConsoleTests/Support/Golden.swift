import Foundation
import Terminal
import Testing

/// Whole screens kept in files; `UPDATE_GOLDEN=1` writes them anew.
enum Golden {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Goldens")

    static func check(
        _ grid: Grid,
        _ name: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let file = folder.appending(path: name + ".txt")
        let text = grid.text + "\n"
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
            do {
                try Data(text.utf8).write(to: file)
            } catch {
                Issue.record(error, sourceLocation: sourceLocation)
            }
            return
        }
        let wanted = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        #expect(text == wanted, "\(name) is\n\(text)", sourceLocation: sourceLocation)
    }
}
