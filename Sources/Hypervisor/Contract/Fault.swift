/// Why a hypervisor did not do something.
///
/// In a file a fault is either written out or named by its key in the catalogue
/// (`capacity.memory`).
package struct Fault: Error, Hashable, Sendable {
    /// What a caller can do about a fault.
    package enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        /// Asking again yields the same.
        case permanent
        /// Asking again later may help.
        case transient
        /// The host does not answer; what became of running work is not known.
        case unreachable
        /// Somebody with a newer fence has taken over: stop.
        case stale
        /// The subject's state, or work that runs on it, does not allow it now.
        case conflict
        /// There is no room; elsewhere there may be.
        case capacity
    }

    /// Whose numbers and names these are: `cloudstack`, `vdsm`, `oracle` or `signalbox`.
    package var domain: String
    /// The code in its domain: 533.
    package var number: Int
    /// The code's name in its domain: `INSUFFICIENT_CAPACITY_ERROR`.
    package var name: String
    /// One sentence for people.
    package var text: String
    /// What a caller can do about it.
    package var kind: Kind
    /// The finer code, where the domain has one: CloudStack's `cserrorcode` 4335.
    package var detail: Int?

    /// Makes a fault.
    package init(
        _ domain: String,
        _ number: Int,
        _ name: String,
        kind: Kind,
        detail: Int? = nil,
        text: String
    ) {
        self.domain = domain
        self.number = number
        self.name = name
        self.text = text
        self.kind = kind
        self.detail = detail
    }

    /// The same fault with a text of the occasion.
    package func saying(_ text: String) -> Fault {
        var fault = self
        fault.text = text
        return fault
    }
}

extension Fault: Codable {
    private enum Key: String, CodingKey {
        case domain, number, name, text, kind, detail
    }

    /// Reads a fault written out, or the key of one in the catalogue.
    package init(from decoder: any Decoder) throws {
        if let key = try? decoder.singleValueContainer().decode(String.self) {
            guard let known = Fault.catalogue[key] else {
                throw DecodingError.dataCorrupted(
                    DecodingError.Context(
                        codingPath: decoder.codingPath,
                        debugDescription: "no fault is called \"\(key)\"; there are "
                            + Fault.catalogue.keys.sorted().joined(separator: ", ")
                    )
                )
            }
            self = known
            return
        }
        let container = try decoder.container(keyedBy: Key.self)
        domain = try container.decode(String.self, forKey: .domain)
        number = try container.decode(Int.self, forKey: .number)
        name = try container.decode(String.self, forKey: .name)
        text = try container.decode(String.self, forKey: .text)
        kind = try container.decodeIfPresent(Kind.self, forKey: .kind) ?? .permanent
        detail = try container.decodeIfPresent(Int.self, forKey: .detail)
    }

    /// Writes the fault out.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(domain, forKey: .domain)
        try container.encode(number, forKey: .number)
        try container.encode(name, forKey: .name)
        try container.encode(text, forKey: .text)
        try container.encode(kind, forKey: .kind)
        try container.encodeIfPresent(detail, forKey: .detail)
    }
}
