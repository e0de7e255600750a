#include "dissect/dcerpc/interfaces.h"

#include "dissect/assistance_offer/interfaces.h"
#include "dissect/dcerpc/endpoint_map.h"
#include "dissect/dcerpc/shadow.h"
#include "dissect/dcom/classes.h"

namespace remora::dcerpc {

Interface to_interface(const ndr::Guid& uuid) {
  if (uuid == kEndpointMapper) { return Interface::kEndpointMapper; }
  if (uuid == kSessEnvPublicRpc) { return Interface::kSessEnvPublicRpc; }
  if (uuid == dcom::kObjectExporter) { return Interface::kObjectExporter; }
  if (uuid == dcom::kRemoteScmActivator) { return Interface::kScmActivator; }
  if (uuid == dcom::kActivation) { return Interface::kActivation; }
  if (uuid == dcom::kRemUnknown || uuid == dcom::kRemUnknown2) { return Interface::kRemUnknown; }
  if (uuid == assistance_offer::kPchService) { return Interface::kPchService; }
  if (uuid == assistance_offer::kRaSrv) { return Interface::kRaSrv; }
  return Interface::kOther;
}

bool is_read(Interface interface, std::uint16_t opnum) {
  switch (interface) {
    case Interface::kEndpointMapper:
      return opnum == kEptMap;
    case Interface::kSessEnvPublicRpc:
      return opnum == kRpcShadow2;
    case Interface::kObjectExporter:  // ResolveOxid, ResolveOxid2, ServerAlive2
      return opnum == 0 || opnum == 4 || opnum == 5;
    case Interface::kScmActivator:  // RemoteGetClassObject, RemoteCreateInstance
      return opnum == 3 || opnum == 4;
    case Interface::kActivation:  // RemoteActivation
      return opnum == 0;
    case Interface::kPchService:
      return opnum == assistance_offer::kRemoteConnectionParms ||
             opnum == assistance_offer::kRemoteUserSessionInfo;
    case Interface::kRaSrv:
      return opnum == assistance_offer::kGetNoviceUserInfo ||
             opnum == assistance_offer::kGetSessionInfo;
    case Interface::kOther:
    case Interface::kRemUnknown:
      break;
  }
  return false;
}

std::optional<Interface> offer_by_call(std::uint16_t opnum) {
  if (opnum == assistance_offer::kRemoteConnectionParms) { return Interface::kPchService; }
  if (opnum == assistance_offer::kGetNoviceUserInfo) { return Interface::kRaSrv; }
  return std::nullopt;
}

}  // namespace remora::dcerpc
