import ArgumentParser
import Foundation
import Model

/// The options that every command takes, before its name or after it.
struct GlobalOptions: ParsableArguments {
    @Option(
        name: .customLong("store"),
        help: ArgumentHelp(
            "The store's file.",
            discussion: "Else $SIGNALBOX_STORE, the configuration's “store”, or "
                + "$XDG_STATE_HOME/signalbox/signalbox.sqlite.",
            valueName: "path"
        ),
        completion: .file()
    )
    var storePath: String?

    @Option(
        name: .customLong("config"),
        help: ArgumentHelp(
            "The configuration, in YAML.",
            discussion: "Else $XDG_CONFIG_HOME/signalbox/config.yaml, if there is one.",
            valueName: "file"
        ),
        completion: .file(extensions: ["yaml"])
    )
    var configurationPath: String?

    @Flag(name: .customLong("json"), help: "Print JSON for scripts.")
    var isJSON = false

    @Flag(name: .customLong("no-color"), help: "Use no colours, as with NO_COLOR.")
    var isWithoutColor = false

    @Flag(name: .customLong("ascii"), help: "Draw and print nothing but ASCII.")
    var isASCII = false

    @Option(help: ArgumentHelp("The console's theme.", valueName: "name"))
    var theme: String?

    @Flag(
        name: .customLong("read-only"),
        help: "Look only: refuse whatever would change something."
    )
    var isReadOnly = false

    @Option(
        help: ArgumentHelp(
            "The backend: simulated[:SCENARIO].",
            discussion: "A scenario's inventory is used when the hypervisor beside the store is "
                + "made; afterwards what is there counts.",
            valueName: "backend"
        )
    )
    var hypervisor: String?
}

extension GlobalOptions {
    private static var environment: [String: String] { ProcessInfo.processInfo.environment }

    private static func folder(_ variable: String, or usual: String) -> String {
        // What is not absolute is to be ignored, says the specification of these variables.
        if let folder = environment[variable], folder.hasPrefix("/") { return folder }
        return NSHomeDirectory() + "/" + usual
    }

    /// Where the program keeps what it remembers between runs.
    static var stateFolder: String { folder("XDG_STATE_HOME", or: ".local/state") + "/signalbox" }

    /// The configuration file, read.
    func configuration() throws(Complaint) -> Configuration {
        let usual = Self.folder("XDG_CONFIG_HOME", or: ".config") + "/signalbox/config.yaml"
        return try Configuration(
            path: configurationPath ?? usual,
            isRequired: configurationPath != nil
        )
    }

    /// Everything about where the program works.
    func site() throws(Complaint) -> Site {
        let configuration = try configuration()
        let named =
            storePath ?? Self.environment["SIGNALBOX_STORE"].flatMap { $0.isEmpty ? nil : $0 }
        return Site(
            storePath: named ?? configuration.store
                ?? Self.stateFolder + "/signalbox.sqlite",
            scenario: try Self.scenario(hypervisor ?? configuration.hypervisor ?? "simulated"),
            installation: try Installation(environment: Self.environment),
            configuration: configuration,
            identity: Self.identity(configuration),
            isReadOnly: isReadOnly || configuration.isReadOnly == true
        )
    }

    /// The same for a store elsewhere.
    func site(at path: String, scenario: String) throws(Complaint) -> Site {
        let configuration = try configuration()
        return Site(
            storePath: path,
            scenario: scenario,
            installation: try Installation(environment: Self.environment),
            configuration: configuration,
            identity: Self.identity(configuration),
            isReadOnly: isReadOnly
        )
    }

    /// The paper that plain output goes to.
    func paper() throws(Complaint) -> Paper {
        let configuration = try configuration()
        return Paper(
            noColor: isWithoutColor || configuration.hasColor == false,
            isASCII: isASCII || configuration.isASCII == true,
            environment: Self.environment
        )
    }

    private static func scenario(_ backend: String) throws(Complaint) -> String {
        let parts = backend.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.first == "simulated" else {
            throw Complaint(
                .usage,
                "there is no backend “\(backend)”; write simulated or simulated:SCENARIO"
            )
        }
        return parts.count == 2 ? parts[1] : "datacenter"
    }

    private static func identity(_ configuration: Configuration) -> Identity {
        Login.identity(account: configuration.account ?? "", environment: environment)
    }
}
