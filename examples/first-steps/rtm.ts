// my-rtm.ts
import { defineImplementation, type RtmEntityInfo } from 'rtm-conformance';

const notSupported = () => ({ status: 50 }); // ERROR_NOT_SUPPORTED

export default defineImplementation({
  name: 'my-rtm',
  levels: ['core'],
  create() {
    const registered = new Map<number, RtmEntityInfo>();
    let lastHandle = 0;
    return {
      RtmRegisterEntity(_thread, { RtmEntityInfo: info }) {
        lastHandle += 1;
        registered.set(lastHandle, info);
        const RtmRegProfile = {
          MaxNextHopsInRoute: 1,
          MaxHandlesInEnum: 10,
          ViewsSupported: 1,
          NumberOfViews: 1,
        };
        return { status: 0, out: { RtmRegHandle: lastHandle, RtmRegProfile } };
      },
      RtmDeregisterEntity(_thread, { RtmRegHandle }) {
        const known = registered.delete(RtmRegHandle as number);
        return { status: known ? 0 : 6 }; // ERROR_INVALID_HANDLE
      },
      RtmGetRegisteredEntities: notSupported,
      RtmReleaseEntities: notSupported,
      RtmGetEntityInfo: notSupported,
      RtmReleaseEntityInfo: notSupported,
      RtmReferenceHandles: notSupported,
    };
  },
});
