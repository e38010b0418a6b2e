/// Where a fault rule applies; written `any`, `zone/east`, `cluster/a`, `host/kvm-a03`, `vm/web-1`.
package enum FaultScope: Hashable, Sendable {
    /// Everywhere.
    case any
    /// In a zone.
    case zone(String)
    /// In a cluster.
    case cluster(String)
    /// On a host.
    case host(String)
    /// To a VM.
    case vm(String)

    /// How narrow it is: of two rules that match, the narrower one counts.
    package var narrowness: Int {
        switch self {
        case .any: 0
        case .zone: 1
        case .cluster: 2
        case .host: 3
        case .vm: 4
        }
    }
}

extension FaultScope: Codable, CustomStringConvertible, LosslessStringConvertible {
    /// Reads a scope as it is written; nil when it is not one.
    package init?(_ text: String) {
        if text == "any" {
            self = .any
            return
        }
        let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return nil }
        switch parts[0] {
        case "zone": self = .zone(parts[1])
        case "cluster": self = .cluster(parts[1])
        case "host": self = .host(parts[1])
        case "vm": self = .vm(parts[1])
        default: return nil
        }
    }

    /// The scope as it is written.
    package var description: String {
        switch self {
        case .any: "any"
        case .zone(let name): "zone/\(name)"
        case .cluster(let name): "cluster/\(name)"
        case .host(let name): "host/\(name)"
        case .vm(let name): "vm/\(name)"
        }
    }

    /// Reads the scope from its text.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let scope = FaultScope(text) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "\"\(text)\" is no scope: write any, zone/NAME, cluster/NAME, "
                    + "host/NAME or vm/NAME"
            )
        }
        self = scope
    }

    /// Writes the scope as text.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
