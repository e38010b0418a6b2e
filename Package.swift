// swift-tools-version: 6.2
import PackageDescription

/// What Swift 7 will require, required already; and no warning survives.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),  // SE-0335
    .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
    .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),  // SE-0461
    .enableUpcomingFeature("InferIsolatedConformances"),  // SE-0470
    .enableUpcomingFeature("ImmutableWeakCaptures"),  // SE-0481
    .treatAllWarnings(as: .error),
]

let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let arguments = Target.Dependency.product(
    name: "ArgumentParser",
    package: "swift-argument-parser"
)

/// A module of the product, with the settings that all of them share.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// The tests of one module.
func tests(
    _ name: String,
    _ dependencies: [Target.Dependency],
    without exclude: [String] = []
) -> Target {
    .testTarget(
        name: name,
        dependencies: dependencies,
        exclude: exclude,
        swiftSettings: strict
    )
}

let package = Package(
    name: "signalbox",
    products: [.executable(name: "signalbox", targets: ["signalbox"])],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.5.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    ],
    targets: [
        // Values and pure rules: what everybody talks about.
        module("Model"),
        // Durable rows: the only importer of GRDB.
        module("Store", ["Model", grdb]),
        // The turn: claims, locks, rollback, recovery. Knows no hypervisor.
        module("Engine", ["Model", "Store", deque, heap]),
        // What a hypervisor can do, and the simulated one. Knows no jobs.
        module("Hypervisor"),
        // The C shim for what Swift cannot call: to inherit the orphans of a script.
        .target(name: "CProcess", cSettings: [.define("_GNU_SOURCE")]),
        // The job kinds: parameters in, a plan out; and the bridges from the engine to a hypervisor
        // and to scripts.
        module("Operations", ["Model", "Engine", "Hypervisor", "CProcess", subprocess, system]),
        // Synthetic load and scripted stories.
        module("Workload", ["Model", "Engine", "Hypervisor", "Operations", yams]),
        // The C shim: the only file that includes <curses.h>.
        .target(
            name: "CNcurses",
            cSettings: [.define("_GNU_SOURCE")],
            linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]
        ),
        // Grid, styles, input decoder, the curses screen.
        module("Terminal", ["CNcurses"]),
        // What people see: model, update, views, keymap, themes. No I/O.
        module("Console", ["Model", "Terminal", yams]),
        // The program: commands, configuration, signals; makes everything and joins it.
        .executableTarget(
            name: "signalbox",
            dependencies: [
                "Model", "Store", "Engine", "Hypervisor", "Operations", "Workload", "Terminal",
                "Console", arguments, logging, yams,
            ],
            swiftSettings: strict
        ),
        // Manual clock, seeded chance, temporary stores, scripted screen. Only tests import it.
        module("TestKit", ["Model", "Store", "Engine", "Hypervisor", "Operations", "Terminal"]),

        tests("ModelTests", ["Model"]),
        tests("StoreTests", ["Model", "Store", "TestKit", grdb]),
        tests("EngineTests", ["Model", "Store", "Engine", "TestKit"]),
        tests("HypervisorTests", ["Hypervisor"]),
        tests(
            "OperationsTests",
            ["Model", "Store", "Engine", "Hypervisor", "Operations", "TestKit"]
        ),
        tests(
            "WorkloadTests",
            ["Model", "Store", "Engine", "Hypervisor", "Operations", "Workload", "TestKit"]
        ),
        tests("TerminalTests", ["Terminal", "CNcurses"]),
        tests("ConsoleTests", ["Model", "Terminal", "Console"], without: ["Goldens"]),
        tests(
            "SimulationTests",
            ["Model", "Store", "Engine", "Hypervisor", "Operations", "Workload", "TestKit"]
        ),
        // A disk that fails below SQLite when a test says so.
        .target(
            name: "CFaultyDisk",
            path: "Tests/CFaultyDisk",
            linkerSettings: [.linkedLibrary("sqlite3")]
        ),
        tests("FaultTests", ["Model", "Store", "Engine", "TestKit", "CFaultyDisk"]),
        tests("EndToEndTests", ["Model"]),
        tests("TidyTests", []),
    ],
    swiftLanguageModes: [.v6]
)
