import Foundation
import Workload

/// The scenario files that the product ships.
enum DemoFiles {
    static let names = [
        "blocked-queue", "datacenter", "no-capacity", "pxe-hang", "remove-vm",
    ]

    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Demo")

    static func read(_ name: String) throws -> Scenario {
        let file = folder.appending(path: name + ".yaml")
        return try Scenario.read(String(contentsOf: file, encoding: .utf8), file: name + ".yaml")
    }
}
