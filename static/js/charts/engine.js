// What is used of the chart library, and nothing else of it, so that the rest is left out of the bundle.
import { init, use } from "echarts/core"
import { BarChart, CustomChart, LineChart } from "echarts/charts"
import { GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components"
import { LabelLayout } from "echarts/features"
import { SVGRenderer } from "echarts/renderers"

use([
  BarChart,
  CustomChart,
  LineChart,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
  LabelLayout,
  SVGRenderer,
])

// A chart in a place, as wide and high as the place is.
export const start = (place) => init(place, null, { renderer: "svg", width: place.clientWidth, height: place.clientHeight })
