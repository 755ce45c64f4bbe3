#include "base/text.hpp"
#include "probes/endpoints.hpp"
#include "probes/expansion.hpp"

namespace nettest {

namespace {

constexpr const char* kServeHttp = "; add `serve: http` to the pod's port";

/// Finds out what one URL stands for.
class UrlReader {
 public:
  UrlReader(Expansion& expansion, const Url& url, const PodId& from)
      : expansion_(expansion), url_(url), from_(from) {}

  std::optional<Target> read() {
    if (url_.host.address) {
      return of_address(*url_.host.address);
    }
    if (url_.host.placeholder) {
      const Placeholder& placeholder = *url_.host.placeholder;
      const PodId pod{placeholder.namespace_name, placeholder.name};
      return !placeholder.service && find_pod(expansion_.ever, pod) != nullptr
                 ? of_pod(pod)
                 : of_service({pod.namespace_name, pod.name});
    }
    const auto service = service_of_name(url_.host.text);
    return service ? of_service(*service) : std::nullopt;
  }

 private:
  std::nullopt_t complain(const std::string& message) {
    expansion_.complain("URL host " + quoted(url_.host.text) + ": " + message);
    return std::nullopt;
  }

  /// The names that resolve through the search list of a pod: services of its
  /// own namespace, then of the cluster.
  std::optional<ServiceId> service_of_name(std::string name) {
    if (name.ends_with(".")) {
      name.pop_back();
    }
    for (const std::string_view suffix : {".svc.cluster.local", ".svc"}) {
      if (name.ends_with(suffix)) {
        name.resize(name.size() - suffix.size());
        break;
      }
    }
    const auto parts = split(name, '.');
    if (parts.size() == 1 && name == url_.host.text) {
      return ServiceId{from_.namespace_name, parts[0]};
    }
    if (parts.size() == 2) {
      return ServiceId{parts[1], parts[0]};
    }
    return complain(
        "no name of a service; write NAME, NAME.NAMESPACE or "
        "NAME.NAMESPACE.svc.cluster.local");
  }

  std::optional<Target> of_address(const IpAddress& address) {
    const auto is_in = [&](const std::vector<IpAddress>& own) {
      return std::find(own.begin(), own.end(), address) != own.end();
    };
    if (expansion_.addresses != nullptr) {
      for (const auto& [id, own] : expansion_.addresses->pods) {
        if (is_in(own) && find_pod(expansion_.ever, id) != nullptr) {
          return of_pod(id);
        }
      }
      for (const auto& [id, own] : expansion_.addresses->services) {
        if (is_in(own)) {
          return of_service(id);
        }
      }
    }
    for (const auto& pod : expansion_.ever.pods) {
      if (is_in(pod.ips)) {
        return of_pod(pod.id);
      }
    }
    return complain("no pod or service of the world has this address; write $(ip ns/name)");
  }

  std::optional<Target> of_service(const ServiceId& id) {
    if (find_service(expansion_.ever, id) == nullptr) {
      return complain_of_unknown(id);
    }
    const Service* const service = find_service(expansion_.world, id);
    if (service == nullptr) {
      return std::nullopt;
    }
    if (!service->headless && find_port(*service, url_.port, Protocol::tcp) == nullptr) {
      return complain("service " + to_string(id) + " has no port " +
                      port_text(url_.port, Protocol::tcp) + " (it has " +
                      served_text(std::vector{*service}) + ")");
    }
    if (serve_of(expansion_.world, *service, url_.port, Protocol::tcp) == Serve::plain) {
      return complain("behind port " + std::to_string(url_.port) + " of service " + to_string(id) +
                      " nobody speaks HTTP" + kServeHttp);
    }
    Target target;
    target.to = id;
    target.families = service->families;
    const auto* const book = expansion_.addresses;
    return with_url(target, book == nullptr ? nullptr : find_in(book->services, id));
  }

  std::nullopt_t complain_of_unknown(const ServiceId& id) {
    std::vector<std::string> hosts;
    for (const auto& service : expansion_.ever.services) {
      hosts.push_back(host_of(service));
    }
    const bool bare = url_.host.text == id.name;
    return complain("there is no service " + to_string(id) +
                    (bare ? " (a bare name is looked up in the namespace of the asker, " +
                                to_string(from_) + ")"
                          : "") +
                    spelling_hint(id.name + "." + id.namespace_name, hosts));
  }

  std::optional<Target> of_pod(const PodId& id) {
    const Pod* const pod = find_pod(expansion_.world, id);
    if (pod == nullptr) {
      return std::nullopt;
    }
    const auto* const port = find_port(*pod, url_.port, Protocol::tcp);
    if (port == nullptr || port->serve != Serve::http) {
      return complain(
          "pod " + to_string(id) + " serves no HTTP on port " + std::to_string(url_.port) +
          (port == nullptr ? " (served: " + served_text(std::vector{*pod}) + ")" : kServeHttp));
    }
    Target target;
    target.to = id;
    const auto* const book = expansion_.addresses;
    return with_url(target, book == nullptr ? nullptr : find_in(book->pods, id));
  }

  template <typename Id>
  static const std::vector<IpAddress>* find_in(const std::map<Id, std::vector<IpAddress>>& book,
                                               const Id& id) {
    const auto found = book.find(id);
    return found == book.end() ? nullptr : &found->second;
  }

  std::optional<Target> with_url(Target target, const std::vector<IpAddress>* addresses) {
    target.by = By::url;
    target.port = url_.port;
    target.serve = Serve::http;
    target.host = url_.host.text;
    if (url_.host.placeholder && addresses != nullptr) {
      const auto address = address_of(*addresses, url_.host.family);
      if (!address) {
        return complain("it has no " + std::string(to_string(url_.host.family)) + " address");
      }
      target.host = to_string(*address);
      target.url = url_.with_host(target.host);
    }
    return target;
  }

  Expansion& expansion_;
  const Url& url_;
  const PodId& from_;
};

}  // namespace

std::optional<Target> url_target(Expansion& expansion,
                                 const Url& url,
                                 const std::string& written,
                                 const PodId& from) {
  auto target = UrlReader(expansion, url, from).read();
  if (target && target->url.empty()) {
    target->url = written;
  }
  return target;
}

}  // namespace nettest
